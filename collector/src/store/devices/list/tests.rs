use sonde_proto::v1::{self, Status};

use super::super::{Connected, DeviceOrder, MachineNames};
use super::*;
use crate::store::Id;
use crate::store::reports::{Body, NewOutcome, NewReport};
use crate::store::testing::{NOW, device, enrolment, on_both, token};

impl Store {
    async fn finds(&self, device_key: i64, seq: u64, status: Status) {
        let finding = v1::Finding {
            check: "disk.space".into(),
            status: status.into(),
            ..v1::Finding::default()
        };
        let changes = v1::FindingChanges {
            findings: vec![finding],
            ..v1::FindingChanges::default()
        };
        let report = NewReport {
            device_key,
            spool_id: Id([1; 16]),
            seq,
            reported_at: NOW,
            corrected_at: NOW,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Findings(changes)),
        };
        self.record_reports(vec![report]).await.unwrap();
    }

    async fn connects(&self, device_key: i64, hostname: &str, os: &str) {
        let connected = Connected {
            device_key,
            installation_id: Id([3; 16]),
            boot_id: "b".into(),
            agent_version: "0.1.0".into(),
            hostname: hostname.into(),
            names: MachineNames {
                os: os.into(),
                serial: format!("S-{hostname}"),
                ..MachineNames::default()
            },
            clock_offset_us: 0,
            spki: [7; 32],
            declaration_ids: vec![],
            at: NOW + device_key,
        };
        self.device_connected(connected).await.unwrap();
    }

    async fn names(&self, filter: &DeviceFilter) -> String {
        let all = self.devices(filter).await.unwrap();
        let names: Vec<_> = all.iter().map(|one| one.hostname.as_str()).collect();
        let n_all = self.count_devices(filter).await.unwrap();
        assert!(filter.after.is_some() || n_all as usize == names.len());
        names.join(" ")
    }

    /// The list, two at a time.
    async fn by_pages(&self, by: OrderBy) -> String {
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let filter = DeviceFilter {
                by,
                after: after.take(),
                most: 2,
                ..DeviceFilter::default()
            };
            let page = self.devices(&filter).await.unwrap();
            let Some(last) = page.last() else {
                return names.join(" ");
            };
            let place = DevicePlace::of(last, by).to_string();
            after = Some(place.parse().unwrap());
            names.extend(page.into_iter().map(|one| one.hostname));
        }
    }
}

/// Five devices: their keys, in the order of enrolment.
async fn five(store: &Store) -> Vec<i64> {
    store.create_site("Lyon", NOW).await.unwrap();
    let mut keys = Vec::new();
    for name in ["lab-2", "LAB-1", "élan", "a'%_", "lab-2"] {
        keys.push(device(store, name).await.1);
    }
    store.connects(keys[0], "lab-2", "debian").await;
    store.connects(keys[2], "élan", "Arch").await;
    store.connects(keys[3], "a'%_", "debian").await;
    store
        .device_disconnected(keys[3], NOW + keys[3], NOW + 99)
        .await
        .unwrap();
    for (at, status) in [
        (0, Status::Ok),
        (1, Status::Unknown),
        (3, Status::Critical),
        (4, Status::Warning),
    ] {
        store.finds(keys[at], 1, status).await;
    }
    keys
}

#[tokio::test]
async fn every_order_is_the_same_by_pages_and_backwards() {
    on_both(|store| async move {
        five(&store).await;
        for order in DeviceOrder::ALL {
            let by = OrderBy {
                order,
                is_reversed: false,
            };
            let whole = DeviceFilter {
                by,
                most: 10,
                ..DeviceFilter::default()
            };
            let expected = match order {
                DeviceOrder::Enrolled => "lab-2 LAB-1 élan a'%_ lab-2",
                DeviceOrder::Name => "a'%_ LAB-1 lab-2 lab-2 élan",
                DeviceOrder::Status => "a'%_ lab-2 LAB-1 lab-2 élan",
                DeviceOrder::Seen => "lab-2 élan a'%_ LAB-1 lab-2",
                DeviceOrder::Site | DeviceOrder::AgentVersion => "a'%_ LAB-1 lab-2 lab-2 élan",
                DeviceOrder::Os => "élan a'%_ lab-2 LAB-1 lab-2",
            };
            assert_eq!(store.names(&whole).await, expected, "{by}");
            assert_eq!(store.by_pages(by).await, expected, "{by}");
            let back = OrderBy {
                order,
                is_reversed: true,
            };
            let mut turned: Vec<_> = expected.split(' ').collect();
            turned.reverse();
            assert_eq!(store.by_pages(back).await, turned.join(" "), "{back}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_goes_on_from_where_it_was_whatever_became_of_its_last_device() {
    on_both(|store| async move {
        let keys = five(&store).await;
        let by = OrderBy {
            order: DeviceOrder::Status,
            is_reversed: false,
        };
        let mut filter = DeviceFilter {
            by,
            most: 2,
            ..DeviceFilter::default()
        };
        let first = store.devices(&filter).await.unwrap();
        filter.after = Some(DevicePlace::of(&first[1], by));
        // The last that was seen is well now, and the first is gone.
        store.finds(keys[4], 2, Status::Ok).await;
        store.remove_device(&first[0].id, "ann", NOW).await.unwrap();
        filter.most = 10;
        assert_eq!(store.names(&filter).await, "LAB-1 lab-2 lab-2 élan");
    })
    .await;
}

#[tokio::test]
async fn a_filter_holds_what_it_says() {
    on_both(|store| async move {
        let keys = five(&store).await;
        let (_, secret) = token(&store, 1, NOW + 9).await;
        let mut at_hand = enrolment(secret, "tablet");
        at_hand.macs = vec!["02:00:00:00:00:0a".into()];
        store.enrol_device(at_hand).await.unwrap();
        let check = async |filter: DeviceFilter, expected: &str| {
            let filter = DeviceFilter { most: 10, ..filter };
            assert_eq!(store.names(&filter).await, expected, "{filter:?}");
        };
        let plain = DeviceFilter::default;
        let text = |text: &str| DeviceFilter {
            text: Some(text.into()),
            ..plain()
        };
        check(text("LAB"), "lab-2 LAB-1 lab-2").await;
        check(text("%_"), "a'%_").await;
        check(text("s-él"), "élan").await;
        check(text("s-lab"), "lab-2").await;
        check(text("02:00:00:00"), "tablet").await;
        let connected = |connected| DeviceFilter {
            connected: Some(connected),
            ..plain()
        };
        check(connected(true), "lab-2 élan").await;
        let os = |os: &str| DeviceFilter {
            os: Some(os.into()),
            ..plain()
        };
        check(os("debian"), "lab-2 a'%_").await;
        let site = |site: &str| DeviceFilter {
            site: Some(site.into()),
            ..plain()
        };
        check(site("Lyon"), "").await;
        check(site("default"), "lab-2 LAB-1 élan a'%_ lab-2 tablet").await;
        let of = |statuses: &[Option<i64>]| DeviceFilter {
            statuses: Some(statuses.to_vec()),
            ..plain()
        };
        check(of(&[Some(2), Some(1)]), "a'%_ lab-2").await;
        check(of(&[Some(3)]), "LAB-1").await;
        check(of(&[Some(0)]), "lab-2").await;
        check(of(&[None]), "élan tablet").await;
        check(of(&[]), "").await;
        store
            .device_in_conflict(keys[1], Id([9; 16]), NOW)
            .await
            .unwrap();
        let conflict = DeviceFilter {
            conflict: Some(true),
            ..plain()
        };
        check(conflict, "LAB-1 LAB-1").await;
        let counts = store.device_counts(&os("debian")).await.unwrap();
        let counts: Vec<_> = counts
            .iter()
            .map(|one| (one.worst_status, one.is_connected, one.n_devices))
            .collect();
        assert_eq!(counts.len(), 2);
        assert!(counts.contains(&(Some(0), true, 1)), "{counts:?}");
        assert!(counts.contains(&(Some(2), false, 1)), "{counts:?}");
    })
    .await;
}
