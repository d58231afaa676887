//! The registry of checks: named judgements over what the host says.
//!
//! A check is one file: what it is, how it observes, how it judges, its tests. To add one: the file, its `mod`
//! line, its name in `ALL`. Nothing else knows it.

mod agent_state;
mod cert_expiry;
mod cpu_hog;
mod cpu_load;
mod crash_recent;
mod disk_deleted_open;
mod disk_fill_forecast;
mod disk_fs_errors;
mod disk_health;
mod disk_inodes;
mod disk_latency;
mod disk_raid;
mod disk_readonly;
mod disk_space;
mod hardware_battery;
mod hardware_memory_errors;
mod hardware_temperature;
mod hardware_throttling;
mod kernel_oops;
mod logs_errors;
mod memory_growth;
mod memory_oom;
mod memory_pressure;
mod memory_swap;
mod mount_hung;
mod mount_missing;
mod net_address;
mod net_asset;
mod net_dhcp;
mod net_dns;
mod net_firewall;
mod net_gateway;
mod net_hosts;
mod net_ipv6;
mod net_link;
mod net_mtu;
mod net_ports;
mod net_proxy;
mod net_resolver;
mod net_route;
mod net_target;
mod os_end_of_life;
mod os_package_lock;
mod os_packages_broken;
mod os_reboot_required;
mod os_updates;
mod process_fd_limit;
mod process_pid_limit;
mod process_stuck;
mod process_zombies;
mod service_failed;
mod service_flapping;
mod service_masked_but_wanted;
mod time_daemon;
mod time_offset;

use std::sync::OnceLock;

use crate::text::{nearest, shown};

pub use crate::check::{Check, Findings, Run, SHARED_TEXTS};
pub use crate::limits::{Limit, Limits, Overrides, Untargeted};

/// Those that are built in, in the order in which they are shown. What this device has declared beside them is in [`all`].
pub const ALL: &[&Check] = &[
    &disk_space::CHECK,
    &disk_fill_forecast::CHECK,
    &disk_deleted_open::CHECK,
    &disk_inodes::CHECK,
    &disk_readonly::CHECK,
    &disk_fs_errors::CHECK,
    &disk_health::CHECK,
    &disk_raid::CHECK,
    &disk_latency::CHECK,
    &mount_missing::CHECK,
    &mount_hung::CHECK,
    &memory_pressure::CHECK,
    &memory_swap::CHECK,
    &memory_oom::CHECK,
    &memory_growth::CHECK,
    &cpu_load::CHECK,
    &cpu_hog::CHECK,
    &process_zombies::CHECK,
    &process_fd_limit::CHECK,
    &process_pid_limit::CHECK,
    &process_stuck::CHECK,
    &service_failed::CHECK,
    &service_flapping::CHECK,
    &service_masked_but_wanted::CHECK,
    &crash_recent::CHECK,
    &kernel_oops::CHECK,
    &hardware_temperature::CHECK,
    &hardware_throttling::CHECK,
    &hardware_battery::CHECK,
    &hardware_memory_errors::CHECK,
    &logs_errors::CHECK,
    &net_link::CHECK,
    &net_dhcp::CHECK,
    &net_address::CHECK,
    &net_route::CHECK,
    &net_gateway::CHECK,
    &net_firewall::CHECK,
    &net_resolver::CHECK,
    &net_hosts::CHECK,
    &net_dns::CHECK,
    &net_proxy::CHECK,
    &net_ports::CHECK,
    &net_ipv6::CHECK,
    &net_mtu::CHECK,
    &net_target::CHECK,
    &net_asset::CHECK,
    &cert_expiry::CHECK,
    &time_daemon::CHECK,
    &time_offset::CHECK,
    &os_packages_broken::CHECK,
    &os_package_lock::CHECK,
    &os_reboot_required::CHECK,
    &os_updates::CHECK,
    &os_end_of_life::CHECK,
    &agent_state::CHECK,
];

/// What `declare` was given, after what is built in.
static DECLARED: OnceLock<Vec<&'static Check>> = OnceLock::new();

/// All checks of this device: those that are built in, then its plugins.
pub fn all() -> &'static [&'static Check] {
    DECLARED.get().map_or(ALL, Vec::as_slice)
}

/// Those that run without being told whom to look for.
pub fn whole() -> Vec<&'static Check> {
    let all = all().iter().copied();
    all.filter(|check| !check.takes_asset()).collect()
}

/// Adds this device's plugins. Once, before anything asks for the checks: what is declared later is not.
pub(crate) fn declare(plugins: &[&'static Check]) {
    DECLARED.get_or_init(|| ALL.iter().chain(plugins).copied().collect());
}

/// A check or a limit that is not there, with those that are.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unknown {
    #[error("there is no check {id}; {}", one_of(.near))]
    Check { id: String, near: Vec<String> },
    #[error("{check} has no limit {name}; {}", one_of(.near))]
    Limit {
        check: &'static str,
        name: String,
        near: Vec<String>,
    },
    #[error("limit {name} of {check} must be a finite number")]
    NotFinite {
        check: &'static str,
        name: &'static str,
    },
}

fn one_of(near: &[String]) -> String {
    match near {
        [] => "it has none".into(),
        [one] => format!("is {one} meant?"),
        several => format!("there are {}", several.join(", ")),
    }
}

/// The check called `id`.
pub fn find(id: &str) -> Result<&'static Check, Unknown> {
    all()
        .iter()
        .copied()
        .find(|check| check.id == id)
        .ok_or_else(|| Unknown::Check {
            id: shown(id),
            near: nearest(id, all().iter().map(|check| check.id)),
        })
}

#[cfg(test)]
pub(crate) mod shown_findings {
    //! Findings as text, for the checks' tests.

    use sonde_proto::message::Lang;

    use super::*;
    use crate::finding::Finding;

    /// `status subject / message / because cause`, one a line.
    pub(crate) fn show(check: &Check, findings: &[Finding]) -> String {
        let lines = findings.iter().map(|finding| {
            for message in finding.cause.iter().chain([&finding.message]) {
                message.audit(check.id, check.all_texts());
            }
            let subject = match finding.subject.as_str() {
                "" => String::new(),
                subject => format!(" {subject}"),
            };
            let cause = finding.cause.as_ref().map_or(String::new(), |cause| {
                format!(" / because {}", check.say(cause, Lang::En))
            });
            let message = check.say(&finding.message, Lang::En);
            format!("{}{subject} / {message}{cause}", finding.status.word())
        });
        // The space before a unit does not break; here it would only hide.
        lines.collect::<Vec<_>>().join("\n").replace('\u{a0}', " ")
    }

    /// The check's own limits.
    pub(crate) fn limits(check: &Check) -> Limits {
        Limits::of(check, &Overrides::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions;
    use crate::finding::Status;
    use crate::host::Host;
    use sonde_proto::message::names;

    #[test]
    fn every_check_is_listed_once_and_named_after_its_file() {
        let files = crate::files_of("checks");
        let mut ids = ALL
            .iter()
            .map(|check| check.id.replace(['.', '-'], "_"))
            .collect::<Vec<_>>();
        ids.sort_unstable();
        assert_eq!(ids, files);
    }

    /// Numbers of checks that there are no more: what a device of any age says is understood.
    const RETIRED: &[u8] = &[];

    #[test]
    fn each_number_is_given_once_and_for_ever() {
        let mut numbers = ALL.iter().map(|check| check.number).collect::<Vec<_>>();
        numbers.extend(RETIRED);
        numbers.sort_unstable();
        let without_a_gap = (1..).take(numbers.len()).collect::<Vec<u8>>();
        assert_eq!(numbers, without_a_gap);
    }

    #[test]
    fn every_remedy_exists() {
        for check in ALL {
            for remedy in check.remedies {
                assert!(actions::find(remedy).is_ok(), "{}: {remedy}", check.id);
            }
        }
    }

    #[test]
    fn every_text_is_there_in_both_languages_with_the_same_arguments() {
        for check in ALL {
            assert!(
                !check.title_en.is_empty() && !check.title_fr.is_empty(),
                "{}",
                check.id
            );
            let mut ids = check.all_texts().map(|text| text.id).collect::<Vec<_>>();
            ids.sort_unstable();
            assert!(ids.is_sorted_by(|a, b| a < b), "{}: a text twice", check.id);
            for text in check.all_texts() {
                assert!(
                    !text.en.is_empty() && !text.fr.is_empty(),
                    "{} {}",
                    check.id,
                    text.id
                );
                assert_eq!(
                    text.user_en.is_empty(),
                    text.user_fr.is_empty(),
                    "{} {}",
                    check.id,
                    text.id
                );
                let sorted = |text| {
                    let mut names = names(text).collect::<Vec<_>>();
                    names.sort_unstable();
                    names.dedup();
                    names
                };
                assert_eq!(sorted(text.en), sorted(text.fr), "{} {}", check.id, text.id);
            }
        }
    }

    #[test]
    fn limits_are_named_once_and_have_a_value() {
        for check in ALL {
            let mut names = check
                .limits
                .iter()
                .map(|limit| limit.name)
                .collect::<Vec<_>>();
            names.sort_unstable();
            assert!(names.is_sorted_by(|a, b| a < b), "{}", check.id);
            assert!(check.limits.iter().all(|limit| limit.default.is_finite()));
        }
    }

    /// The collector sees by them which way is worse, and refuses a policy that turns them round.
    #[test]
    fn what_is_critical_and_what_is_a_warning_are_not_the_same() {
        for check in ALL {
            for limit in check.limits {
                let measure = limit.name.strip_suffix("_critical");
                let warning = measure.and_then(|measure| {
                    let mut limits = check.limits.iter();
                    limits.find(|other| other.name.strip_suffix("_warning") == Some(measure))
                });
                if let Some(warning) = warning {
                    let said = format!("{}: {}", check.id, limit.name);
                    assert!(limit.default != warning.default, "{said}");
                    assert_eq!(limit.unit, warning.unit, "{said}");
                }
            }
        }
    }

    /// Runs every check on this machine: each message it says has its text, and each argument its place in it.
    #[tokio::test]
    async fn what_is_said_on_this_machine_has_its_text() {
        let host = Host::this().with_workers(crate::host::Workers::Here);
        for check in ALL {
            for finding in crate::runner::run(&host, &[check], &Overrides::default()).await {
                for message in finding.cause.iter().chain([&finding.message]) {
                    message.audit(check.id, check.all_texts());
                }
            }
        }
    }

    /// Made without a network, a container lacks nothing: what its own files and loopback tell is enough.
    #[tokio::test]
    async fn a_container_without_a_network_is_not_blamed_for_it() {
        let tree = crate::host::recorded::Tree::new(&[
            ("/.dockerenv", ""),
            ("/sys/class/net/lo/ifindex", "1\n"),
            ("/sys/class/net/lo/type", "772\n"),
            ("/etc/resolv.conf", "nameserver 192.0.2.1\n"),
        ]);
        let found = async |check: &'static str| {
            let check = find(check).unwrap();
            let found = crate::runner::run(&tree.host(), &[check], &Overrides::default()).await;
            found[0].message.id.clone()
        };
        for check in ["net.resolver", "net.dns", "net.firewall"] {
            assert_eq!(found(check).await, "isolated", "{check}");
        }
        tree.write("/sys/class/net/eth0/ifindex", "2\n");
        assert_eq!(found("net.resolver").await, "names");
    }

    #[test]
    fn an_unknown_name_gets_the_near_ones() {
        let mut overrides = Overrides::default();
        let said = |result: Result<(), Unknown>| result.unwrap_err().to_string();
        assert_eq!(
            said(overrides.set("disk.spice", "x", 1.0)),
            "there is no check disk.spice; is disk.space meant?"
        );
        assert_eq!(
            said(overrides.set("disk.space", "free_warnin", 1.0)),
            "disk.space has no limit free_warnin; is free_warning meant?"
        );
        assert_eq!(
            said(overrides.set("disk.space", "free_warning", f64::NAN)),
            "limit free_warning of disk.space must be a finite number"
        );
        assert_eq!(overrides.set("disk.space", "free_warning", 20.0), Ok(()));
        let limits = Limits::of(find("disk.space").unwrap(), &overrides);
        assert_eq!(limits.get("free_warning"), 20.0);
        assert_eq!(limits.below("free", 15.0), Status::Warning);
    }
}
