use super::*;
use crate::hostile;

fn lab() -> Values {
    Values::example("Lyon 2")
}

#[track_caller]
fn check(template: &str, expected: &str) {
    let made = Template::of(template).and_then(|template| template.address(&lab()));
    let said = made.unwrap_or_else(|refusal| format!("{}: {}", refusal.field, refusal.reason));
    assert_eq!(said, expected, "{template}");
}

#[test]
fn an_address_is_the_template_with_the_devices_values() {
    check(
        "rustdesk://connection/new/{hostname}",
        "rustdesk://connection/new/lab-7",
    );
    check(
        "https://mesh.example/?viewmode=11&gotonode={hostname}&for={ticket}",
        "https://mesh.example/?viewmode=11&gotonode=lab-7&for=42",
    );
    check(
        "https://guac.example:8443/#/client/{device}",
        "https://guac.example:8443/#/client/5k2mxq7w3nf8v1cbr0t9ydzhag",
    );
    check(
        "http://[2001:db8::1]/{address}",
        "http://[2001:db8::1]/192.0.2.7",
    );
    check(
        "tool+x.2:{address}?at={site}",
        "tool+x.2:192.0.2.7?at=Lyon%202",
    );
    check("vnc://{address}:5900", "vnc://192.0.2.7:5900");
}

#[test]
fn an_ipv6_address_stands_in_a_host_as_hosts_have_it() {
    let values = Values {
        address: "2001:db8::7".into(),
        ..lab()
    };
    let made = |template: &str| Template::of(template).unwrap().address(&values).unwrap();
    assert_eq!(made("vnc://{address}:5900"), "vnc://[2001:db8::7]:5900");
    assert_eq!(
        made("rdp://x/?to={address}"),
        "rdp://x/?to=2001%3Adb8%3A%3A7"
    );
    assert_eq!(made("vnc:{address}"), "vnc:2001%3Adb8%3A%3A7");
}

#[test]
fn nothing_that_a_device_says_chooses_the_scheme_or_a_web_servers_host() {
    for host in [
        "https://{hostname}/",
        "https://{hostname}.corp.example/",
        "https://mesh.example:{ticket}/{device}",
        "https://user@{address}/x",
    ] {
        check(
            host,
            "template: no value stands in its host: a device would say where it leads",
        );
    }
    check(
        "{hostname}://x",
        "template: its scheme is made of small letters, digits and +.- alone",
    );
    check(
        "//mesh.example/{device}",
        "template: it does not begin with a scheme, as https:",
    );
    check(
        "https:/{hostname}",
        "template: https: goes on with // and a host",
    );
    check(
        "https:{hostname}",
        "template: https: goes on with // and a host",
    );
    check("https:///{hostname}", "template: it names no host");
    check("https://:443/{hostname}", "template: it names no host");
    check(
        "https://ann:secret@mesh.example/{hostname}",
        "template: a name or a password does not stand in it",
    );
}

#[test]
fn no_scheme_of_the_browsers_own_is_taken_however_it_is_written() {
    for scheme in ["javascript", "data", "vbscript", "file", "blob", "about"] {
        let said = format!("template: {scheme}: opens nothing but the browser itself");
        check(&format!("{scheme}:{{hostname}}"), &said);
        check(&format!("{scheme}://x/{{hostname}}"), &said);
    }
    let written = "template: its scheme is made of small letters, digits and +.- alone";
    check("JavaScript:alert({ticket})", written);
    check("1x:{ticket}", written);
    check("java%73cript:{ticket}", written);
    let characters = "template: it has other characters than an address has";
    for text in [
        " javascript:{ticket}",
        "java\tscript:{ticket}",
        "https:\\\\evil.example\\{ticket}",
        "https://mesh.example/{ticket} x",
        "https://mesh.example/\"{ticket}",
        "https://mésh.example/{ticket}",
        "https://mesh.example/\u{202e}{ticket}",
    ] {
        check(text, characters);
    }
}

#[test]
fn a_template_is_about_a_device_and_its_places_are_known() {
    check(
        "https://mesh.example/",
        "template: it is the same for every device",
    );
    check(
        "https://mesh.example/{serial}",
        "template: nothing is called {serial}",
    );
    check(
        "https://mesh.example/{Hostname}",
        "template: nothing is called {Hostname}",
    );
    check("https://mesh.example/{}", "template: nothing is called {}");
    check(
        "https://mesh.example/{hostname",
        "template: a { without its }",
    );
    check(
        "https://mesh.example/hostname}",
        "template: a } without its {",
    );
    check(
        "https://mesh.example/{{hostname}}",
        "template: nothing is called {{hostname}",
    );
    let many = |n: usize| format!("x:{}", "{ticket}".repeat(n));
    check(
        &many(MOST_PLACES),
        &format!("x:{}", "42".repeat(MOST_PLACES)),
    );
    check(&many(MOST_PLACES + 1), "template: more than 16 places");
    let long = format!("x:{{ticket}}{}", "a".repeat(TEMPLATE_LENGTH));
    check(&long, "template: more than 1000 characters");
}

#[test]
fn a_value_that_is_not_known_is_named_and_never_left_out() {
    let template = Template::of("x:{hostname}/{address}").unwrap();
    let without = Values {
        address: String::new(),
        ..lab()
    };
    assert_eq!(template.unknown(&lab()), None);
    assert_eq!(template.unknown(&without), Some(Place::Address));
    assert_eq!(
        template.address(&without).unwrap_err().to_string(),
        "device: {address} of the device is not known: it comes with its facts: wait for its next report"
    );
}

#[test]
fn a_hostile_value_stays_one_value() {
    let template =
        Template::of("https://mesh.example/a/{hostname}?x={hostname}#{hostname}").unwrap();
    for hostname in hostile::texts() {
        let values = Values {
            hostname: hostname.clone(),
            ..lab()
        };
        let Ok(address) = template.address(&values) else {
            assert!(hostname.len() > VALUE_BYTES, "{hostname:?}");
            continue;
        };
        let of = |from: char, to: Option<char>| {
            let (_, part) = address.split_once(from)?;
            to.map_or(Some(part), |to| Some(part.split_once(to)?.0))
        };
        assert!(address.starts_with("https://mesh.example/a/"), "{address}");
        let parts = [
            address
                .strip_prefix("https://mesh.example/a/")
                .and_then(|rest| Some(rest.split_once('?')?.0)),
            of('=', Some('#')),
            of('#', None),
        ];
        for part in parts {
            let part = part.unwrap();
            let is_inert = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
            assert!(part.chars().all(is_inert), "{part}");
            assert_eq!(decoded(part), hostname);
        }
    }
}

#[test]
fn a_hostile_template_is_refused_or_leads_where_it_says() {
    for text in hostile::texts() {
        for template in [
            format!("{text}{{hostname}}"),
            format!("https://{text}/{{hostname}}"),
            format!("https://mesh.example/{text}{{hostname}}"),
        ] {
            let Ok(taken) = Template::of(&template) else {
                continue;
            };
            assert!(template.starts_with(&taken.whereto()), "{template}");
            hostile::assert_inert(&taken.address(&lab()).unwrap_or_default());
        }
    }
}

#[test]
fn a_value_of_points_climbs_nowhere() {
    let dots = |template: &str, hostname: &str| {
        let values = Values {
            hostname: hostname.to_owned(),
            ..lab()
        };
        Template::of(template).unwrap().address(&values)
    };
    for template in [
        "https://guac.example/open/{hostname}",
        "https://guac.example/open/.{hostname}",
        "https://guac.example/open/%2E{hostname}/x",
        "x:a/{hostname}/b",
    ] {
        let made = dots(
            template,
            if template.contains("n/{") || template.contains("a/{") {
                ".."
            } else {
                "."
            },
        );
        let refusal = made.unwrap_err();
        assert!(
            refusal.reason.to_string().contains("points alone"),
            "{template}: {refusal}"
        );
    }
    let inside = dots("https://guac.example/?at={hostname}#/{hostname}", "..");
    assert_eq!(inside.unwrap(), "https://guac.example/?at=..#/..");
    assert!(dots("https://guac.example/{hostname}", "a..b").is_ok());
}

#[test]
fn what_is_told_of_a_template_holds_no_secret() {
    let told = |text: &str| Template::of(text).unwrap().whereto();
    assert_eq!(
        told("https://mesh.example:8443/a?key=s3cret&n={device}"),
        "https://mesh.example:8443"
    );
    assert_eq!(told("tool:s3cret/{device}"), "tool:");
    assert_eq!(told("tool://s3cret@x/{device}"), "tool:");
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let (byte, behind) = match (first, behind) {
            (b'%', [high, low, behind @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                (u8::from_str_radix(digits, 16).unwrap(), behind)
            }
            (first, behind) => (*first, behind),
        };
        bytes.push(byte);
        rest = behind;
    }
    String::from_utf8(bytes).unwrap()
}
