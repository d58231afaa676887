//! The collector's account of this device's numbers, held against what is here.

use std::collections::BTreeSet;

use sonde_proto::caps;
use sonde_proto::v1::{SeqRange, SpoolAccount};

use super::Session;

impl Session {
    /// Lets go of what is accounted for; gives the ranges that are neither accounted for nor here.
    pub(super) fn settle(&mut self, accounts: &[SpoolAccount]) -> Vec<SeqRange> {
        let mut never_sent = Vec::new();
        for (i, account) in accounts.iter().enumerate() {
            let Some(first) = self.numbers.first_seqs.get(i).copied() else {
                break;
            };
            let end = self
                .numbers
                .first_seqs
                .get(i + 1)
                .copied()
                .unwrap_or(self.next_seq);
            let known_to = if !account.more {
                end
            } else {
                account
                    .accounted
                    .last()
                    .map_or(end, |range| range.last.saturating_add(1).min(end))
            };
            let mut from = first;
            for range in &account.accounted {
                never_sent.extend(self.not_here(from, range.first.min(known_to)));
                from = from.max(range.last.saturating_add(1));
                self.release(SeqRange {
                    first: range.first.max(first),
                    last: range.last.min(end - 1),
                });
            }
            never_sent.extend(self.not_here(from, known_to));
        }
        never_sent.truncate(caps::RANGES);
        never_sent
    }

    /// Ranges of `from..end` without a report.
    fn not_here(&self, from: u64, end: u64) -> Vec<SeqRange> {
        if from >= end {
            return Vec::new();
        }
        let here: BTreeSet<u64> = self
            .unsent
            .iter()
            .flat_map(|of| of.range(from..end))
            .chain(self.in_flight.range(from..end).map(|(seq, _)| seq))
            .copied()
            .collect();
        let mut gaps = Vec::new();
        let mut next = from;
        for seq in here.into_iter().chain([end]) {
            if next < seq {
                gaps.push(SeqRange {
                    first: next,
                    last: seq - 1,
                });
            }
            next = seq + 1;
        }
        gaps
    }
}
