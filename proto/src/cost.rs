//! What an order has cost the machine, in words.

use crate::message::Lang;

/// "took 1.2 s, its programs 0.05 s of the processor". Microseconds; none: not known. Without the first there is nothing to
/// say.
pub fn told(wall_us: Option<i64>, cpu_us: Option<i64>, lang: Lang) -> String {
    let seconds = |us: i64, places: usize| {
        let text = format!("{:.places$} s", us as f64 / 1e6);
        match lang {
            Lang::En => text,
            Lang::Fr => text.replace('.', ","),
        }
    };
    let Some(wall) = wall_us.map(|us| seconds(us, 1)) else {
        return String::new();
    };
    match (cpu_us.map(|us| seconds(us, 2)), lang) {
        (Some(cpu), Lang::En) => format!("took {wall}, its programs {cpu} of the processor"),
        (Some(cpu), Lang::Fr) => format!("a pris {wall}, ses programmes {cpu} de processeur"),
        (None, Lang::En) => format!("took {wall}"),
        (None, Lang::Fr) => format!("a pris {wall}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wall_us: Option<i64>, cpu_us: Option<i64>, lang: Lang, expected: &str) {
        assert_eq!(told(wall_us, cpu_us, lang), expected);
    }

    #[test]
    fn what_is_known_is_said() {
        let (wall, cpu) = (Some(1_240_000), Some(52_000));
        check(
            wall,
            cpu,
            Lang::En,
            "took 1.2 s, its programs 0.05 s of the processor",
        );
        check(
            wall,
            cpu,
            Lang::Fr,
            "a pris 1,2 s, ses programmes 0,05 s de processeur",
        );
        check(wall, None, Lang::Fr, "a pris 1,2 s");
        check(None, cpu, Lang::En, "");
    }
}
