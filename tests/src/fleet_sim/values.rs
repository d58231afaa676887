//! Values that move like a machine's: a calm machine, and the noisy stream that stores are compared on.

use sonde_proto::v1::Series;

/// What the values are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 150 series of a machine with little to do.
    Calm,
    /// 50 series: 60 % gauges, 30 % counters, 10 % constants, each gauge a mean-reverting walk.
    Noisy,
}

impl Kind {
    pub fn n_series(self) -> usize {
        match self {
            Self::Calm => 150,
            Self::Noisy => 50,
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform on 0..1.
    fn uniform(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The sum of six uniform numbers less 3.
    fn bell(&mut self) -> f64 {
        (0..6).map(|_| self.uniform()).sum::<f64>() - 3.0
    }
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    /// x += pull·(mean − x) + noise·g, in steps of `step`, kept at `digits` decimals.
    Gauge {
        mean: f64,
        pull: f64,
        noise: f64,
        step: f64,
        digits: i32,
    },
    /// x += round(15·speed·(0.5 + U)); with `moves` as its chance to move at all.
    Counter {
        speed: f64,
        moves: f64,
    },
    Constant,
}

#[derive(Clone, Debug)]
struct One {
    rule: Rule,
    value: f64,
}

/// The series of one machine.
#[derive(Clone, Debug)]
pub struct Values {
    random: Random,
    series: Vec<One>,
}

impl Values {
    pub fn new(kind: Kind, seed: u64) -> Self {
        let mut random = Random(seed);
        let series = (0..kind.n_series())
            .map(|number| {
                let rule = match kind {
                    Kind::Noisy => noisy(&mut random, number),
                    Kind::Calm => calm(&mut random, number),
                };
                let value = match rule {
                    Rule::Gauge { mean, .. } => mean,
                    Rule::Counter { .. } => (random.uniform() * 1e9).round(),
                    Rule::Constant => (random.uniform() * 1e6).round(),
                };
                One { rule, value }
            })
            .collect();
        Self { random, series }
    }

    /// How they are named on the wire, numbered from 0.
    pub fn names(&self) -> Vec<Series> {
        let name = |(number, one): (usize, &One)| {
            let (word, scale, counter) = match one.rule {
                Rule::Gauge { digits, .. } => ("gauge", -digits, false),
                Rule::Counter { .. } => ("counter", 0, true),
                Rule::Constant => ("constant", 0, false),
            };
            Series {
                number: number as u32,
                name: format!("sim.{word}"),
                labels: format!("number={number}"),
                unit: String::new(),
                scale,
                counter,
            }
        };
        self.series.iter().enumerate().map(name).collect()
    }

    /// The next moment's values.
    pub fn step(&mut self) -> Vec<(u32, i64)> {
        let random = &mut self.random;
        let step = |(number, one): (usize, &mut One)| {
            let shown = match one.rule {
                Rule::Gauge {
                    mean,
                    pull,
                    noise,
                    step,
                    digits,
                } => {
                    one.value += pull * (mean - one.value) + noise * random.bell();
                    ((one.value / step).round() * step * 10_f64.powi(digits)).round()
                }
                Rule::Counter { speed, moves } => {
                    if moves >= 1.0 || random.uniform() < moves {
                        one.value += (15.0 * speed * (0.5 + random.uniform())).round();
                    }
                    one.value
                }
                Rule::Constant => one.value,
            };
            (number as u32, shown as i64)
        };
        self.series.iter_mut().enumerate().map(step).collect()
    }
}

fn noisy(random: &mut Random, number: usize) -> Rule {
    match number % 10 {
        0..6 => gauge(random, number - number / 10 * 4),
        6..9 => Rule::Counter {
            speed: 10_f64.powf(5.0 * random.uniform()),
            moves: 1.0,
        },
        _ => Rule::Constant,
    }
}

/// CPU %, memory, load, disk %, °C, file system, in turn.
fn gauge(random: &mut Random, turn: usize) -> Rule {
    let (mean, pull, noise, step, digits) = match turn % 6 {
        0 | 3 => (100.0 * random.uniform(), 0.1, 3.0, 0.01, 2),
        1 | 5 => (64e9 * random.uniform(), 0.02, 2e7, 4096.0, 0),
        2 => (4.0 * random.uniform(), 0.1, 0.2, 0.01, 2),
        _ => (30.0 + 50.0 * random.uniform(), 0.1, 0.7, 1.0, 0),
    };
    Rule::Gauge {
        mean,
        pull,
        noise,
        step,
        digits,
    }
}

fn calm(random: &mut Random, number: usize) -> Rule {
    match number % 10 {
        0..3 => gauge(random, number),
        3..6 => Rule::Counter {
            speed: 10_f64.powf(2.0 * random.uniform()),
            moves: 0.4,
        },
        _ => Rule::Constant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noisy_stream_has_its_mix() {
        let values = Values::new(Kind::Noisy, 1);
        let n = |word: &str| {
            values
                .names()
                .iter()
                .filter(|series| series.name == word)
                .count()
        };
        assert_eq!(
            (n("sim.gauge"), n("sim.counter"), n("sim.constant")),
            (30, 15, 5)
        );
    }

    #[test]
    fn counters_only_grow_and_constants_stay() {
        let mut values = Values::new(Kind::Calm, 7);
        let names = values.names();
        let mut before = values.step();
        for _ in 0..100 {
            let now = values.step();
            for (name, (old, new)) in names.iter().zip(before.iter().zip(&now)) {
                match name.name.as_str() {
                    "sim.counter" => assert!(new.1 >= old.1, "{}", name.labels),
                    "sim.constant" => assert_eq!(new.1, old.1, "{}", name.labels),
                    _ => {}
                }
            }
            before = now;
        }
    }
}
