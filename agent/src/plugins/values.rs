//! What plugins measured since the last sample. A device's series are named for good, so that a plugin whose labels
//! change all the time has only those that it showed first.

use std::collections::HashSet;

use super::Plugin;
use super::performance::{Datum, Kind};
use crate::metrics::{Family, Metric};

/// Kinds of numbers.
pub(super) const KINDS: usize = 5;
/// Labels of one plugin that are sampled in one run of the agent.
const MOST_LABELS: usize = 64;
/// The same of all plugins together.
const MOST_SERIES: usize = 512;

/// How each kind is kept: its place among a plugin's families, its unit, its scale, whether it counts.
fn kept_as(kind: Kind) -> (usize, &'static str, i32, bool) {
    match kind {
        Kind::Number => (0, "", -4, false),
        Kind::Seconds => (1, "s", -6, false),
        Kind::Bytes => (2, "bytes", 0, false),
        Kind::Percent => (3, "%", -3, false),
        Kind::Counter => (4, "", 0, true),
    }
}

/// The families of a plugin, kept for the life of the process. Their metrics are called as the plugin's check.
pub(super) fn families(name: &'static str) -> [Family; KINDS] {
    [
        Kind::Number,
        Kind::Seconds,
        Kind::Bytes,
        Kind::Percent,
        Kind::Counter,
    ]
    .map(|kind| {
        let (_, unit, scale, counter) = kept_as(kind);
        let metric = Metric {
            name,
            unit,
            scale,
            counter,
        };
        Family {
            label: "label",
            metrics: Box::leak(Box::new([metric])),
        }
    })
}

/// What was measured, waiting for the next sample.
#[derive(Debug, Default)]
pub struct Values {
    fresh: Vec<Value>,
    /// Plugin, label and place of the family of each series that there is.
    known: HashSet<(&'static str, String, usize)>,
}

/// One number as a sample has it.
#[derive(Debug)]
pub struct Value {
    plugin: &'static Plugin,
    family: usize,
    pub label: String,
    pub value: i64,
}

impl Value {
    pub fn family(&self) -> &'static Family {
        &self.plugin.families[self.family]
    }
}

impl Values {
    /// Takes what one run measured; a number that is measured again before it is sampled counts as it is now. Gives how
    /// many have no place: too many labels, or too large a number.
    pub(crate) fn put(&mut self, plugin: &'static Plugin, data: &[Datum]) -> usize {
        let mut n_left_out = 0;
        for datum in data {
            let (family, _, scale, _) = kept_as(datum.kind);
            let value = (datum.value * 10f64.powi(-scale)).round();
            // The largest that a float tells apart from one more than an integer holds.
            let fits = value.abs() < i64::MAX as f64;
            if !fits || !self.has_place(plugin.id, &datum.label, family) {
                n_left_out += 1;
                continue;
            }
            let value = Value {
                plugin,
                family,
                label: datum.label.clone(),
                value: value as i64,
            };
            let is_same = |one: &&mut Value| {
                one.plugin.id == plugin.id && one.family == family && one.label == value.label
            };
            match self.fresh.iter_mut().find(is_same) {
                Some(before) => *before = value,
                None => self.fresh.push(value),
            }
        }
        n_left_out
    }

    /// All of them; they are in one sample.
    pub(crate) fn take(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.fresh)
    }

    fn has_place(&mut self, plugin: &'static str, label: &str, family: usize) -> bool {
        let series = (plugin, label.to_owned(), family);
        if self.known.contains(&series) {
            return true;
        }
        let n_own = self.known.iter().filter(|one| one.0 == plugin).count();
        if n_own >= MOST_LABELS || self.known.len() >= MOST_SERIES {
            return false;
        }
        self.known.insert(series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugins::{What, performance::parse};

    fn plugin(id: &'static str) -> &'static Plugin {
        Box::leak(Box::new(Plugin {
            id,
            what: What::Refused(Vec::new()),
            families: families(id),
        }))
    }

    fn shown(values: Vec<Value>) -> String {
        let shown = values.iter().map(|value| {
            let metric = &value.family().metrics[0];
            let Metric {
                name, unit, scale, ..
            } = metric;
            format!("{name}{{{}}}={}e{scale}{unit}", value.label, value.value)
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_number_is_sampled_once_as_it_was_last() {
        let mut values = Values::default();
        let a = plugin("plugin.a");
        assert_eq!(values.put(a, &parse("/=2KB p=12.3456% t=5ms n=7c").data), 0);
        assert_eq!(values.put(a, &parse("/=3KB").data), 0);
        assert_eq!(
            shown(values.take()),
            "plugin.a{/}=3072e0bytes plugin.a{p}=12346e-3% plugin.a{t}=5000e-6s plugin.a{n}=7e0"
        );
        assert!(values.take().is_empty());
    }

    #[test]
    fn a_number_that_no_sample_holds_is_left_out() {
        let mut values = Values::default();
        let data = parse("a=1e300 b=9223372036854775807B c=-1e15").data;
        assert_eq!(values.put(plugin("plugin.a"), &data), 3);
        assert!(values.take().is_empty());
    }

    #[test]
    fn labels_that_change_all_the_time_have_an_end() {
        let mut values = Values::default();
        let [a, b] = ["plugin.a", "plugin.b"].map(plugin);
        let mut put = |plugin, n: usize| values.put(plugin, &parse(&format!("at{n}=1")).data);
        let left_out: usize = (0..2 * MOST_LABELS).map(|n| put(a, n)).sum();
        assert_eq!(left_out, MOST_LABELS);
        // What was there first stays, and others have places too.
        assert_eq!((put(a, 0), put(a, MOST_LABELS), put(b, 0)), (0, 1, 0));
        for at in 0..MOST_SERIES / MOST_LABELS {
            let id: &'static str = Box::leak(format!("plugin.{at}").into_boxed_str());
            let one = plugin(id);
            (0..MOST_LABELS).for_each(|n| {
                put(one, n);
            });
        }
        assert_eq!(put(plugin("plugin.z"), 0), 1);
    }
}
