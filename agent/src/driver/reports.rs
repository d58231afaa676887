//! What is collected, from the reading to the spool, and from the spool to the wire.

mod add;

use std::collections::HashMap;
use std::time::Instant;

use prost::Message as _;
use prost::bytes::Bytes;
use sonde_proto::caps;
use sonde_proto::declaration::{self, DeclarationId};
use sonde_proto::series::Encoder;
use sonde_proto::v1::declaration::Body;
use sonde_proto::v1::{self, Report, SeqRange, from_agent, report};

use super::connection::Connection;
use super::names::Numbered;
use super::record::Record;
use crate::blocks::BlocksError;
use crate::changes::TableState;
use crate::checks;
use crate::clock::{self, Moment};
use crate::facts::{self, Table};
use crate::host::{Host, Unavailable};
use crate::metrics::{self, Sampler};
use crate::session::{Input, Session};
use crate::spool::{Book, Kind, Spool, Spooled, SpooledSample};
use crate::wire;
pub(super) use add::add_report;
use add::full;

/// A machine that slept for less was not asleep, only busy.
const SLEEP_US: i64 = 5_000_000;

/// What becomes of a spooled report on a connection.
pub(super) enum Encoded {
    /// To be said in this order, the report last.
    Said(Vec<from_agent::Body>),
    /// It is no longer in the spool, or what names its series is not.
    Gone,
    /// Its series no longer fit into this session.
    SessionFull,
}

/// Ids and bodies of all that a device declares, the tables first, in their order; too large to be kept for the one time that a collector asks.
fn declarations() -> impl Iterator<Item = (DeclarationId, Vec<u8>)> {
    let tables = facts::ALL
        .iter()
        .map(|table| Body::Table(wire::table(table)));
    let catalogue = std::iter::once_with(|| Body::Catalogue(wire::catalogue()));
    let plugins = wire::plugins(checks::all()).map(Body::Catalogue);
    tables
        .chain(catalogue)
        .chain(plugins)
        .map(declaration::encode)
}

/// What the agent has collected in this run.
pub(super) struct Collected {
    boot_id: String,
    run: u64,
    sampler: Sampler,
    book: metrics::Book,
    /// Of all runs that the spool has samples of.
    books: HashMap<u64, Book>,
    tables: HashMap<&'static str, TableState>,
    declaration_ids: Vec<DeclarationId>,
    began: (Moment, Instant),
    asleep_us: i64,
}

impl Collected {
    pub(super) fn new(host: &Host, spool: &mut Spool) -> Result<Self, BlocksError> {
        let run = spool.next_seq();
        spool.drop_books(run)?;
        let mut books: HashMap<u64, Book> = HashMap::new();
        for book in spool.books()? {
            books
                .entry(book.run)
                .or_insert_with(|| Book {
                    series: Vec::new(),
                    ..book.clone()
                })
                .series
                .extend(book.series);
        }
        let declaration_ids: Vec<DeclarationId> = declarations().map(|(id, _)| id).collect();
        let tables = facts::ALL
            .iter()
            .zip(&declaration_ids)
            .filter(|(table, _)| !table.every.is_zero())
            .map(|(table, id)| (table.name, TableState::new(wire::table(table), *id)))
            .collect();
        let boot_id = host.os().ok().and_then(|os| os.boot_id).unwrap_or_default();
        Ok(Self {
            boot_id,
            run,
            sampler: Sampler::new(),
            book: metrics::Book::new(),
            books,
            tables,
            declaration_ids,
            began: (clock::now(), Instant::now()),
            asleep_us: 0,
        })
    }

    pub(super) fn boot_id(&self) -> &str {
        &self.boot_id
    }

    pub(super) fn declaration_ids(&self) -> Vec<Bytes> {
        let ids = self.declaration_ids.iter();
        ids.map(|id| id.to_vec().into()).collect()
    }

    /// Bodies of those of `ids` that are ours, in as many messages as the cap wants.
    pub(super) fn declared(ids: &[Bytes]) -> Vec<v1::Declared> {
        let wanted = declarations().filter(|(id, _)| ids.iter().any(|wanted| wanted[..] == id[..]));
        declaration::in_messages(wanted.map(|(_, body)| body.into()))
    }

    /// How long the machine slept since the last look; `None`: it did not.
    pub(super) fn slept(&mut self, now: Moment) -> Option<i64> {
        let (began, instant) = self.began;
        let asleep_us = now.boot_us - began.boot_us - instant.elapsed().as_micros() as i64;
        let slept_us = asleep_us - self.asleep_us;
        (slept_us >= SLEEP_US).then(|| {
            self.asleep_us = asleep_us;
            slept_us
        })
    }

    /// The first report of a run.
    pub(super) fn started(
        &mut self,
        clean: bool,
        now: Moment,
        spool: &mut Spool,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        let started = v1::AgentStarted {
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            clean,
        };
        let event = v1::AgentEvent {
            event: Some(v1::agent_event::Event::Started(started)),
        };
        self.report_at(Kind::Event, report::Body::Event(event), now, spool, session)
    }

    pub(super) fn report(
        &self,
        kind: Kind,
        body: report::Body,
        spool: &mut Spool,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        self.report_at(kind, body, clock::now(), spool, session)
    }

    fn report_at(
        &self,
        kind: Kind,
        body: report::Body,
        now: Moment,
        spool: &mut Spool,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        let report = Report {
            seq: 0,
            clock: Some(now.into()),
            boot_id: self.boot_id.clone(),
            body: Some(body),
        };
        add_report(kind, report, now, spool, session)?;
        Ok(())
    }

    /// Takes one sample of all metrics. `at_us`: the moment on the corrected clock.
    pub(super) fn sample(
        &mut self,
        host: &Host,
        now: Moment,
        (record, at_us): (&mut Record, i64),
        spool: &mut Spool,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        if self.book.is_used_up() {
            self.run = spool.next_seq();
            self.book = metrics::Book::new();
            spool.drop_books(self.run)?;
            let is_kept = |run: &u64, books: &[Book]| books.iter().any(|book| book.run == *run);
            let kept = spool.books()?;
            self.books.retain(|run, _| is_kept(run, &kept));
        }
        let values = self.sampler.sample(host, &mut self.book);
        let ours = self.books.entry(self.run).or_insert_with(|| Book {
            run: self.run,
            boot_id: self.boot_id.clone(),
            series: Vec::new(),
        });
        let new: Vec<v1::Series> = self.book.all()[ours.series.len()..]
            .iter()
            .map(wire::series)
            .collect();
        if !new.is_empty() {
            let book = Book {
                run: self.run,
                boot_id: self.boot_id.clone(),
                series: new,
            };
            let mut thinned = Vec::new();
            let added = spool.add_book(&book, &mut thinned);
            session.handle(now.boot_us, Input::Thinned(thinned));
            if let Err(error) = added {
                return full(error);
            }
            ours.series.extend(book.series);
        }
        let (numbers, values) = values.into_iter().unzip();
        let sample = SpooledSample {
            run: self.run,
            wall_us: now.wall_us,
            boot_us: now.boot_us,
            numbers,
            values,
        };
        record.sample(at_us, &ours.series, &sample);
        let mut thinned = Vec::new();
        let added = spool.add_sample(&sample, &mut thinned);
        session.handle(now.boot_us, Input::Thinned(thinned));
        match added {
            Ok(seq) => session.handle(
                now.boot_us,
                Input::Added {
                    seq,
                    kind: Kind::Metrics,
                },
            ),
            Err(error) => return full(error),
        }
        Ok(())
    }

    /// What was told of the tables may not have come to the collector.
    pub(super) fn doubt_tables(&mut self) {
        self.tables.values_mut().for_each(TableState::doubt);
    }

    /// Reports what a reading of a table changed.
    pub(super) fn table(
        &mut self,
        table: &'static Table,
        whole: bool,
        rows: Result<facts::Reading, Unavailable>,
        spool: &mut Spool,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        let Some(state) = self.tables.get_mut(table.name) else {
            return Ok(());
        };
        let changes = match rows {
            Ok(reading) => {
                let rows = reading.rows.into_iter().map(wire::row).collect();
                if whole {
                    state.whole(rows)
                } else {
                    state.update(rows)
                }
            }
            Err(unavailable) => state
                .unavailable(&unavailable.to_string())
                .into_iter()
                .collect(),
        };
        for change in changes {
            self.report(
                Kind::Facts,
                report::Body::Facts(v1::Facts {
                    changes: vec![change],
                }),
                spool,
                session,
            )?;
        }
        Ok(())
    }

    /// A spooled report as it goes out on this connection.
    pub(super) fn encode(
        &self,
        seq: u64,
        spool: &mut Spool,
        connection: Option<&mut Connection>,
    ) -> Result<Encoded, BlocksError> {
        let spooled = spool.read(seq)?;
        Ok(match (spooled, connection) {
            (Some(Spooled::Report(mut report)), _) => {
                if report.boot_id == self.boot_id {
                    report.boot_id.clear();
                }
                Encoded::Said(vec![from_agent::Body::Report(report)])
            }
            (Some(Spooled::Sample(sample)), Some(connection)) => {
                self.encode_sample(seq, &sample, connection)
            }
            (Some(Spooled::Sample(_)), None) | (None, _) => Encoded::Gone,
        })
    }

    fn encode_sample(
        &self,
        seq: u64,
        sample: &SpooledSample,
        connection: &mut Connection,
    ) -> Encoded {
        let Some(book) = self.books.get(&sample.run) else {
            return Encoded::Gone;
        };
        let series_of = |number: &u32| book.series.get(*number as usize);
        let Some(series) = sample
            .numbers
            .iter()
            .map(series_of)
            .collect::<Option<Vec<_>>>()
        else {
            return Encoded::Gone;
        };
        let mut named = Vec::new();
        let mut values = Vec::with_capacity(sample.values.len());
        for ((number, value), series) in sample.numbers.iter().zip(&sample.values).zip(series) {
            let here = match connection.names.number(sample.run, *number, series) {
                Numbered::Known(here) => here,
                Numbered::New(here) => {
                    named.push(v1::Series {
                        number: here,
                        ..series.clone()
                    });
                    here
                }
                Numbered::Full => return Encoded::SessionFull,
            };
            values.push((here, *value));
        }
        values.sort_unstable_by_key(|(number, _)| *number);
        let mut said = named_before(&mut named, &mut connection.encoder);
        let sample_body = connection.encoder.encode(named, &values);
        let boot_id = if book.boot_id == self.boot_id {
            String::new()
        } else {
            book.boot_id.clone()
        };
        said.push(from_agent::Body::Report(Report {
            seq,
            clock: Some(v1::Clock {
                wall_us: sample.wall_us,
                boot_us: sample.boot_us,
            }),
            boot_id,
            body: Some(report::Body::Sample(sample_body)),
        }));
        Encoded::Said(said)
    }

    /// Numbers of a range that the spool still has.
    pub(super) fn kept(&self, spool: &Spool, range: SeqRange) -> Vec<u64> {
        spool.reports_in(range.first, range.last)
    }
}

/// The messages that name series for which the sample itself has no room. Takes those from `named`.
fn named_before(named: &mut Vec<v1::Series>, encoder: &mut Encoder) -> Vec<from_agent::Body> {
    let bytes = |series: &v1::Series| series.encoded_len() + 4;
    if named.iter().map(bytes).sum::<usize>() <= caps::PIECE_BYTES {
        return Vec::new();
    }
    encoder.name(named.len());
    let mut messages: Vec<v1::NamedSeries> = Vec::new();
    let mut size = usize::MAX;
    for series in named.drain(..) {
        size = size.saturating_add(bytes(&series));
        match messages.last_mut() {
            Some(last) if size <= caps::PIECE_BYTES => last.series.push(series),
            Some(_) | None => {
                size = bytes(&series);
                messages.push(v1::NamedSeries {
                    series: vec![series],
                });
            }
        }
    }
    messages.into_iter().map(from_agent::Body::Named).collect()
}
