//! What a run of a plugin says about the machine. Pure.

use sonde_proto::caps;
use sonde_proto::message::{Argument, ArgumentValue};

use super::Ran;
use super::output::Said;
use super::performance::{Datum, Kind};
use crate::finding::{Finding, Status, Text, bytes, count, name, number};

pub(super) const TEXTS: &[Text] = &[
    Text {
        id: "said",
        en: "{text}",
        fr: "{text}",
        user_en: "A check that your IT support has added says: {text}",
        user_fr: "Une vérification ajoutée par votre support informatique indique : {text}",
    },
    Text::technician(
        "silent",
        "The plugin said nothing",
        "Le greffon n'a rien dit",
    ),
    Text::technician(
        "exit",
        "Cannot tell: the plugin ended with code {code}, which is no status ({text})",
        "Indéterminé : le greffon s'est terminé avec le code {code}, qui n'est pas un état ({text})",
    ),
    Text::technician(
        "signal",
        "Cannot tell: signal {signal} ended the plugin",
        "Indéterminé : le signal {signal} a mis fin au greffon",
    ),
    Text::technician(
        "more",
        "the plugin says besides: {text}",
        "le greffon dit en outre : {text}",
    ),
    Text::technician(
        "refused",
        "Cannot tell: the plugin is not run: {why}",
        "Indéterminé : le greffon n'est pas exécuté : {why}",
    ),
];

/// The finding of a plugin that is not run, or of a file that declares none.
pub(super) fn refused(subject: &str, why: &str) -> Finding {
    Finding::new(Status::Unknown, subject).says("refused", vec![name("why", why)])
}

/// The finding of one run. `n_unkept`: numbers for which there was no place among the metrics.
pub(super) fn judge(ran: &Ran, n_unkept: usize) -> Finding {
    let (code, signal, said) = match ran {
        Ran::Refused { why } => return refused("", why),
        Ran::Ended { code, signal, said } => (*code, *signal, said),
    };
    let status = match code {
        Some(0) => Status::Ok,
        Some(1) => Status::Warning,
        Some(2) => Status::Critical,
        Some(_) | None => Status::Unknown,
    };
    let finding = Finding::new(status, "");
    let mut finding = match code {
        Some(0..=3) if words(said).is_empty() => finding.says("silent", Vec::new()),
        Some(0..=3) => finding.says("said", vec![name("text", words(said))]),
        Some(code) => finding.says(
            "exit",
            vec![
                number("code", code.into(), ""),
                name(
                    "text",
                    match words(said) {
                        "" => "–",
                        text => text,
                    },
                ),
            ],
        ),
        None => {
            let signal = signal.map_or(f64::NAN, f64::from);
            finding.says("signal", vec![number("signal", signal, "")])
        }
    };
    let more = match said.long.as_str() {
        "" => &said.complaint,
        long => long,
    };
    if status == Status::Unknown && !more.is_empty() && more != words(said) {
        finding = finding.because("more", vec![name("text", more)]);
    }
    finding.evidence = evidence(said, n_unkept);
    finding
}

/// What a person reads: the plugin's line; what it complained of when it has none.
fn words(said: &Said) -> &str {
    match said.line.as_str() {
        "" => &said.complaint,
        line => line,
    }
}

/// What else it said, then its numbers, then what they are judged by, as far as there is room.
fn evidence(said: &Said, n_unkept: usize) -> Vec<Argument> {
    let mut evidence = Vec::new();
    for (of, text) in [("output", &said.long), ("complaint", &said.complaint)] {
        if !text.is_empty() {
            evidence.push(name(of, text));
        }
    }
    if said.missing_bytes > 0 {
        evidence.push(bytes("output_cut", said.missing_bytes));
    }
    if said.performance.n_left_out > 0 {
        evidence.push(count("data_left_out", said.performance.n_left_out));
    }
    if n_unkept > 0 {
        evidence.push(count("data_not_sampled", n_unkept as u64));
    }
    let data = &said.performance.data;
    let judged_by = data.iter().flat_map(|datum| {
        let of = |what: &str| format!("{} {what}", datum.label);
        let range = |what, range: Option<super::performance::Range>| {
            range.map(|range| argument(of(what), ArgumentValue::Text(range.to_string())))
        };
        let end = |what, end: Option<f64>| Some(argument(of(what), value(datum, end?)));
        [
            range("warning", datum.warning),
            range("critical", datum.critical),
            end("least", datum.least),
            end("most", datum.most),
        ]
    });
    let numbers = data
        .iter()
        .map(|datum| argument(datum.label.clone(), value(datum, datum.value)));
    for one in numbers.chain(judged_by.flatten()) {
        if evidence.len() == caps::ARGUMENTS {
            break;
        }
        if evidence.iter().all(|before| before.name != one.name) {
            evidence.push(one);
        }
    }
    evidence
}

fn argument(name: String, value: ArgumentValue) -> Argument {
    Argument {
        name: name.into(),
        value,
    }
}

/// A number of `datum`'s kind.
fn value(datum: &Datum, value: f64) -> ArgumentValue {
    let plain = |unit: &str| ArgumentValue::Number {
        value,
        unit: unit.to_owned().into(),
    };
    match datum.kind {
        Kind::Bytes if value >= 0.0 => ArgumentValue::Bytes(value as u64),
        Kind::Bytes => plain("bytes"),
        Kind::Seconds => ArgumentValue::DurationUs((value * 1e6).round() as i64),
        Kind::Percent => plain("%"),
        Kind::Counter => plain(""),
        Kind::Number => plain(&datum.unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugins::output;
    use sonde_proto::message::{Lang, render};

    fn ended(code: Option<i32>, output: &str, complaint: &str) -> Ran {
        Ran::Ended {
            code,
            signal: code.is_none().then_some(9),
            said: output::read(output.as_bytes(), complaint.as_bytes(), 0),
        }
    }

    #[track_caller]
    fn check(ran: &Ran, expected: &str) {
        let finding = judge(ran, 0);
        finding.message.audit("plugin.x", TEXTS.iter());
        let mut said = finding.message.say(TEXTS.iter(), Lang::En);
        if let Some(cause) = &finding.cause {
            cause.audit("plugin.x", TEXTS.iter());
            said = format!("{said} / {}", cause.say(TEXTS.iter(), Lang::En));
        }
        assert_eq!(format!("{} / {said}", finding.status.word()), expected);
    }

    #[test]
    fn the_exit_code_is_the_status_and_the_line_the_message() {
        check(&ended(Some(0), "OK: 1|a=1", ""), "ok / OK: 1");
        check(
            &ended(Some(1), "WARNING: {text}", ""),
            "warning / WARNING: {text}",
        );
        check(
            &ended(Some(2), "CRITICAL: hi\nmore", ""),
            "critical / CRITICAL: hi",
        );
        check(&ended(Some(3), "usage", ""), "unknown / usage");
        check(
            &ended(Some(3), "/bin/ping\nnot permitted", "ignored"),
            "unknown / /bin/ping / the plugin says besides: not permitted",
        );
        check(
            &ended(Some(3), "no answer", "why"),
            "unknown / no answer / the plugin says besides: why",
        );
    }

    #[test]
    fn what_is_no_status_is_unknown_with_its_reason() {
        check(
            &ended(Some(127), "", "perl: not found"),
            "unknown / Cannot tell: the plugin ended with code 127, which is no status (perl: not found)",
        );
        check(
            &ended(Some(-1), "", ""),
            "unknown / Cannot tell: the plugin ended with code -1, which is no status (–)",
        );
        check(
            &ended(None, "OK", ""),
            "unknown / Cannot tell: signal 9 ended the plugin",
        );
        check(&ended(Some(0), "", ""), "ok / The plugin said nothing");
        check(
            &ended(Some(2), "", "no such host"),
            "critical / no such host",
        );
        let why = "x".to_owned();
        check(
            &Ran::Refused { why },
            "unknown / Cannot tell: the plugin is not run: x",
        );
    }

    #[test]
    fn a_user_is_told_who_has_added_the_check() {
        let text = &TEXTS[0];
        let said = |template| render(template, &[name("text", "DISK LOW")], Lang::En);
        assert!(said(text.user_en).ends_with(": DISK LOW"));
        assert_eq!(said(text.en), "DISK LOW");
    }

    #[test]
    fn numbers_come_before_what_they_are_judged_by_and_all_fits() {
        let shown = |ran: &Ran, n_unkept| {
            let evidence = judge(ran, n_unkept).evidence;
            assert!(evidence.len() <= caps::ARGUMENTS);
            let pairs = evidence.iter().map(|one| {
                let braces = format!("{{{}}}", one.name);
                format!(
                    "{}={}",
                    one.name,
                    render(&braces, std::slice::from_ref(one), Lang::En)
                )
            });
            pairs.collect::<Vec<_>>().join(", ").replace('\u{a0}', " ")
        };
        let ran = ended(Some(0), "OK|a=2KB;1:2;@3;0;8 b=5ms x\nlong", "why");
        assert_eq!(
            shown(&ran, 2),
            "output=long, complaint=why, data_left_out=1, data_not_sampled=2, a=2 KiB, b=5 ms, \
             a warning=1024:2048, a critical=@3072, a least=0 B, a most=8 KiB"
        );
        let many: String = (0..64).map(|n| format!("a{n}=1;2;3 ")).collect();
        let ran = ended(Some(0), &format!("OK|{many} a1=7"), "");
        let all = shown(&ran, 0);
        assert!(
            all.starts_with("data_left_out=1, a0=1, ") && all.ends_with(", a30=1"),
            "{all}"
        );
        // A label that stands there twice is said once.
        assert_eq!(shown(&ended(Some(0), "OK|a=1 a=2", ""), 0), "a=1");
    }

    #[test]
    fn every_text_is_there_in_both_languages() {
        for text in TEXTS {
            let names = |text| sonde_proto::message::names(text).collect::<Vec<_>>();
            assert_eq!(names(text.en), names(text.fr), "{}", text.id);
            assert_eq!(text.user_en.is_empty(), text.user_fr.is_empty());
        }
    }
}
