//! Agent and collector are killed at random moments, under load.

use std::cell::RefCell;
use std::time::Duration;

use anyhow::Result;

use crate::database::is_root;
use crate::load::{Load, Random, is_full};
use crate::program::pass;
use crate::world::on_both;

/// Rounds on each engine of an ordinary run; a full one has more.
const ROUNDS: usize = 20;
const FULL_ROUNDS: usize = 100;
/// A round's fault falls within this.
const MOMENT_MS: u64 = 800;

#[test]
fn nothing_is_lost_and_nothing_runs_twice() -> Result<()> {
    if !is_root() {
        println!("skipped: only root can give the agent a program that counts");
        return Ok(());
    }
    let rounds = if is_full() { FULL_ROUNDS } else { ROUNDS };
    let random = RefCell::new(Random::new()?);
    on_both(|mut world| {
        let state = world.folder().join("agent");
        let mut load = Load::start(&mut world, &state)?;
        let mut n_kills = [0; 2];
        for _ in 0..rounds {
            load.round(&mut world, |world, load| {
                let mut random = random.borrow_mut();
                for _ in 0..=random.below(2) {
                    pass(Duration::from_millis(random.below(MOMENT_MS)));
                    match random.below(2) {
                        0 => {
                            world.kill_collector()?;
                            n_kills[0] += 1;
                            world.start_collector()?;
                        }
                        _ => {
                            load.agent.kill()?;
                            n_kills[1] += 1;
                            load.restart()?;
                        }
                    }
                }
                Ok(())
            })?;
        }
        load.judge(&format!(
            "{rounds} rounds: collector killed {}, agent killed {}",
            n_kills[0], n_kills[1]
        ))
    })
}
