//! Whole-system tests: the real programs, over real sockets, with a real database, in folders that go away.

pub mod console;
pub mod database;
pub mod faults;
pub mod fleet_sim;
pub mod gauntlet;
pub mod guest;
pub mod healthy;
pub mod helpdesk;
pub mod line;
pub mod machine;
pub mod network;
pub mod office;
pub mod patient;
pub mod peer;
pub mod person;
pub mod program;
pub mod proxy;
pub mod recorded;
pub mod requester;
pub mod time_server;
pub mod timed;
pub mod virtual_machine;
pub mod visited;
pub mod ward;
pub mod web;
pub mod world;
pub mod wrong;

#[cfg(test)]
mod actions_in_guest;
#[cfg(test)]
mod assets;
#[cfg(test)]
mod bad_peers;
#[cfg(test)]
mod bad_reports;
#[cfg(test)]
mod callers;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod channels;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod console_stories;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod cut_off;
#[cfg(test)]
mod desktop;
#[cfg(test)]
mod enrolment;
#[cfg(test)]
mod every_request;
#[cfg(test)]
mod full_log;
#[cfg(test)]
mod going_down;
#[cfg(test)]
mod help_me;
#[cfg(test)]
mod help_page;
#[cfg(test)]
mod judgement;
#[cfg(test)]
mod live_metrics;
#[cfg(test)]
mod load;
#[cfg(test)]
mod main_job;
#[cfg(test)]
mod network_in_guest;
#[cfg(test)]
mod own_disk;
#[cfg(test)]
mod plugins;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod power;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod recorder;
#[cfg(test)]
mod spoken;
#[cfg(test)]
mod spoken_times;
#[cfg(test)]
mod stalled_devices;
#[cfg(test)]
mod store_gone;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod symlinks;
#[cfg(test)]
mod targets;
#[cfg(test)]
mod twins;
#[cfg(test)]
mod ways;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod withdrawn;
