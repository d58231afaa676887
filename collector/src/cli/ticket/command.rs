//! What `sonde ticket` takes.

use std::path::PathBuf;

use clap::Subcommand;

use super::narrow::{Due, Narrow};

/// What is done with an asset of a ticket.
pub(super) const ADD_OR_REMOVE: [&str; 2] = ["add", "remove"];
pub(super) const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];
const STATES: [&str; 6] = ["new", "open", "waiting", "proposed", "resolved", "closed"];
const RELATIONS: [&str; 3] = ["duplicate-of", "caused-by", "follows"];
const WEIGHTS: [&str; 3] = ["high", "medium", "low"];
pub(super) const TIERS: [&str; 4] = ["first", "second", "third", "supplier"];
pub(super) const WAITING_FOR: [&str; 5] = ["user", "part", "supplier", "device", "appointment"];

#[derive(Debug, Subcommand)]
pub(in super::super) enum TicketCommand {
    /// Open a ticket.
    #[command(
        after_help = "Example:\n  sonde ticket open \"no sound\" --device lab-7 --requester Rosa\n  sonde ticket open \"no sound\" --caller \"06 12 34 56 78\""
    )]
    Open {
        /// What it is about, in a line.
        title: String,
        /// Host names or ids.
        #[arg(long = "device", value_name = "DEVICE")]
        devices: Vec<String>,
        /// Names or ids of things without an agent: a printer.
        #[arg(long = "asset", value_name = "ASSET")]
        assets: Vec<String>,
        /// Who asked for help.
        #[arg(long)]
        requester: Option<String>,
        /// Whatever the caller has said: finds requester and device as sonde caller does.
        #[arg(long, value_name = "WORDS")]
        caller: Option<String>,
        /// How soon it needs work.
        #[arg(long, value_parser = PRIORITIES, conflicts_with_all = ["impact", "urgency"])]
        priority: Option<String>,
        /// How much is hindered: with urgency it gives the priority.
        #[arg(long, value_parser = WEIGHTS, requires = "urgency")]
        impact: Option<String>,
        /// How soon it hurts.
        #[arg(long, value_parser = WEIGHTS, requires = "impact")]
        urgency: Option<String>,
        /// The device's, else the asset's, if it is not given.
        #[arg(long)]
        site: Option<String>,
        /// A first note.
        #[arg(long)]
        note: Option<String>,
    },
    /// List tickets, the newest first; or those that have some words, best first.
    #[command(
        after_help = "Example:\n  sonde ticket list --state unresolved --assignee me\n  sonde ticket list --search \"printer offline\"\n  \
        sonde ticket list --view late"
    )]
    List {
        /// Name of a view (sonde view list); what else is given narrows it.
        #[arg(long, value_name = "NAME")]
        view: Option<String>,
        /// What stands on them: all words are needed, the last may be a beginning.
        #[arg(long, value_name = "WORDS", conflicts_with = "before")]
        search: Option<String>,
        #[command(flatten)]
        narrow: Narrow,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only tickets before this one.
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
        /// Only what comes after: `next` of the page before, of a search or of a view that is a queue.
        #[arg(long, value_name = "PLACE", conflicts_with = "before")]
        after: Option<String>,
    },
    /// Take a ticket oneself.
    #[command(after_help = "Example:\n  sonde ticket claim 42")]
    Claim {
        /// Number of the ticket.
        number: i64,
        /// Also from somebody else who has it.
        #[arg(long)]
        take_over: bool,
    },
    /// Add a tag, or take it off.
    #[command(
        after_help = "Example:\n  sonde ticket tag 42 printer\n  sonde ticket tag 42 printer --remove"
    )]
    Tag {
        /// Number of the ticket.
        number: i64,
        /// Letters, digits and -_.:
        tag: String,
        /// Take it off.
        #[arg(long)]
        remove: bool,
    },
    /// Watch a ticket, or have somebody else watch it.
    #[command(after_help = "Example:\n  sonde ticket watch 42\n  sonde ticket watch 42 bob --stop")]
    Watch {
        /// Number of the ticket.
        number: i64,
        /// Name of an account; one's own if it is not given.
        account: Option<String>,
        /// It is not watched any more.
        #[arg(long)]
        stop: bool,
    },
    /// Say how a ticket belongs to another one.
    #[command(after_help = "Example:\n  sonde ticket link 42 caused-by 40")]
    Link {
        /// Number of the ticket.
        number: i64,
        /// How it belongs to the other one.
        #[arg(value_parser = RELATIONS)]
        relation: String,
        /// Number of the other ticket.
        other: i64,
        /// It does not belong to it any more.
        #[arg(long)]
        remove: bool,
    },
    /// Close a ticket as part of another one, which takes its devices and who watches it.
    #[command(after_help = "Example:\n  sonde ticket merge 42 --into 40")]
    Merge {
        /// Number of the ticket that is closed.
        number: i64,
        /// Number of the ticket that stays.
        #[arg(long, value_name = "NUMBER")]
        into: i64,
    },
    /// Open another ticket for a part of one.
    #[command(
        after_help = "Example:\n  sonde ticket split 42 \"and the printer too\" --device lab-7 --event 5"
    )]
    Split {
        /// Number of the ticket.
        number: i64,
        /// What the new one is about, in a line.
        title: String,
        /// Host names or ids of devices of the ticket.
        #[arg(long = "device", value_name = "DEVICE")]
        devices: Vec<String>,
        /// Numbers of messages and notes that are told on the new one, as --json shows them.
        #[arg(long = "event", value_name = "NUMBER")]
        events: Vec<i64>,
    },
    /// List what is to be done, what is due next first.
    #[command(
        after_help = "Example:\n  sonde ticket queue --assignee me\n  sonde ticket queue --tier second --due-within 4h"
    )]
    Queue {
        /// Name of a view (sonde view list); what else is given narrows it.
        #[arg(long, value_name = "NAME")]
        view: Option<String>,
        #[command(flatten)]
        narrow: Narrow,
        #[command(flatten)]
        due: Due,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only tickets after this place: `next` of the page before.
        #[arg(long, value_name = "PLACE")]
        after: Option<String>,
    },
    /// Show a ticket and what happened to it.
    #[command(after_help = "Example:\n  sonde ticket show 42")]
    Show {
        /// Number of the ticket.
        number: i64,
    },
    /// Add a note, or what a machine without a network says by its code.
    #[command(
        after_help = "Example:\n  sonde ticket note 42 \"called back, nobody there\"\n  sonde ticket note 42 --code 59BK-34WJ-4940-G0CR-NGVZ"
    )]
    Note {
        /// Number of the ticket.
        number: i64,
        /// What the note says.
        #[arg(required_unless_present = "code")]
        text: Option<String>,
        /// What somebody reads from sonde-agent status.
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
    },
    /// Answer the requester, or record what they said.
    #[command(
        after_help = "Example:\n  sonde ticket reply 42 \"please try again\"\n  sonde ticket reply 42 --from-requester \"still no sound\""
    )]
    Reply {
        /// Number of the ticket.
        number: i64,
        /// What it says.
        #[arg(required_unless_present = "canned")]
        text: Option<String>,
        /// Name of a canned reply instead (sonde reply list).
        #[arg(long, value_name = "NAME", conflicts_with_all = ["text", "from_requester"])]
        canned: Option<String>,
        /// The requester said it, on the telephone for instance.
        #[arg(long)]
        from_requester: bool,
    },
    /// Run a macro on a ticket: its changes in one step, then its checks.
    #[command(after_help = "Example:\n  sonde ticket macro 42 printer")]
    Macro {
        /// Number of the ticket.
        number: i64,
        /// Name of a macro (sonde macro list).
        name: String,
    },
    /// Hand a ticket on to another tier, or send it back.
    #[command(
        after_help = "Example:\n  sonde ticket escalate 42 --to second --reason \"needs the network team\""
    )]
    Escalate {
        /// Number of the ticket.
        number: i64,
        /// Who works on it from now on.
        #[arg(long, value_name = "TIER", value_parser = TIERS)]
        to: String,
        /// Why, for who takes it.
        #[arg(long)]
        reason: String,
    },
    /// Give a ticket to somebody.
    #[command(after_help = "Example:\n  sonde ticket assign 42 ann")]
    Assign {
        /// Number of the ticket.
        number: i64,
        /// Name of an account; nobody if it is not given.
        to: Option<String>,
    },
    /// Set state, priority, or who asks.
    #[command(
        after_help = "Example:\n  sonde ticket set 42 --state waiting --for part --reason \"a new disk\"\n  sonde ticket set 42 --person rosa@example.org"
    )]
    Set {
        /// Number of the ticket.
        number: i64,
        /// Where it stands from now on.
        #[arg(long, value_parser = STATES)]
        state: Option<String>,
        /// What it waits for.
        #[arg(long = "for", value_name = "WHAT", value_parser = WAITING_FOR, requires = "state")]
        waiting_for: Option<String>,
        /// Why, for the timeline; with the state proposed the requester reads it.
        #[arg(long, requires = "state")]
        reason: Option<String>,
        /// How soon it needs work.
        #[arg(long, value_parser = PRIORITIES)]
        priority: Option<String>,
        /// How much is hindered: with urgency it gives the priority.
        #[arg(long, value_parser = WEIGHTS, requires = "urgency", conflicts_with = "priority")]
        impact: Option<String>,
        /// How soon it hurts.
        #[arg(long, value_parser = WEIGHTS, requires = "impact")]
        urgency: Option<String>,
        /// Name of who asked for help.
        #[arg(long, value_name = "NAME")]
        requester: Option<String>,
        /// Who of the directory that is: id, or what finds only one person.
        #[arg(long)]
        person: Option<String>,
    },
    /// Make it part of an incident that has a ticket of its own.
    #[command(after_help = "Example:\n  sonde ticket join 42 --incident 44")]
    Join {
        /// Number of the ticket.
        number: i64,
        /// Number of the ticket that stands for all of them.
        #[arg(long, value_name = "NUMBER")]
        incident: i64,
    },
    /// Say that it is fixed, so that the requester can confirm.
    #[command(after_help = "Example:\n  sonde ticket propose 42 --reason \"driver replaced\"")]
    Propose {
        /// Number of the ticket.
        number: i64,
        /// What solved it, or why it is solved although a check fails; the requester reads it.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Record that the requester says it is solved.
    #[command(after_help = "Example:\n  sonde ticket confirm 42")]
    Confirm {
        /// Number of the ticket.
        number: i64,
    },
    /// Open it again.
    #[command(after_help = "Example:\n  sonde ticket reopen 42 --reason \"it is back\"")]
    Reopen {
        /// Number of the ticket.
        number: i64,
        /// Why, for the timeline.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Close a resolved ticket; what is queued for it is cancelled.
    #[command(after_help = "Example:\n  sonde ticket close 42")]
    Close {
        /// Number of the ticket.
        number: i64,
    },
    /// Add a device.
    #[command(after_help = "Example:\n  sonde ticket add-device 42 lab-7")]
    AddDevice {
        /// Number of the ticket.
        number: i64,
        /// Host name, or id.
        device: String,
    },
    /// Take a device off it.
    #[command(after_help = "Example:\n  sonde ticket remove-device 42 lab-7")]
    RemoveDevice {
        /// Number of the ticket.
        number: i64,
        /// Host name, or id.
        device: String,
    },
    /// Print the address that opens a device of it in the site's remote desktop tool; the timeline says that it was given.
    #[command(
        after_help = "Example:\n  sonde ticket open-in 42\n  sonde ticket open-in 42 --device lab-7 --tool RustDesk"
    )]
    OpenIn {
        /// Number of the ticket.
        number: i64,
        /// Host name, or id; the ticket's only device if it is not given.
        #[arg(long)]
        device: Option<String>,
        /// Name of a tool (sonde site tools); the only one if it is not given.
        #[arg(long)]
        tool: Option<String>,
    },
    /// Make it about a thing without an agent, or not any more.
    #[command(
        after_help = "Example:\n  sonde ticket asset 42 add \"Printer 3rd floor\"\n  sonde ticket asset 42 remove \"Printer 3rd floor\""
    )]
    Asset {
        /// Number of the ticket.
        number: i64,
        /// Whether it is about it.
        #[arg(value_parser = ADD_OR_REMOVE)]
        what: String,
        /// Its whole name, or id.
        asset: String,
    },
    /// Write its case file, one archive that is read without the collector; or post it to another ticket system.
    #[command(
        after_help = "Example:\n  sonde ticket export 42 --lang fr --out case.zip\n  sonde ticket export 42 --to https://glpi.example/in --token-file token"
    )]
    Export {
        /// Number of the ticket.
        number: i64,
        #[command(flatten)]
        to: super::case::To,
    },
    /// Make an address at which its requester sees it, answers and confirms, without an account.
    #[command(
        after_help = "Example:\n  sonde ticket page 42\n  sonde ticket page 42 --list\n  sonde ticket page 42 --revoke 5k2…"
    )]
    Page {
        /// Number of the ticket.
        number: i64,
        /// How long it is good; 30 days if it is not given.
        #[arg(long)]
        days: Option<u16>,
        /// List the addresses that are good; each is shown only once, when it is made.
        #[arg(long, conflicts_with_all = ["days", "revoke"])]
        list: bool,
        /// Id of an address that is to lead nowhere from now on.
        #[arg(long, value_name = "ID", conflicts_with = "days")]
        revoke: Option<String>,
    },
    /// List what its requester was asked to agree to, and what they said.
    #[command(
        after_help = "Example:\n  sonde ticket consents 42\n\nThe requester is asked by: sonde action run ACTION --device D --ticket 42 --ask"
    )]
    Consents {
        /// Number of the ticket.
        number: i64,
        /// Id of a question that is not to be answered any more, or of a consent that is not to be used.
        #[arg(long, value_name = "ID")]
        withdraw: Option<String>,
    },
    /// Put a file onto it.
    #[command(after_help = "Example:\n  sonde ticket attach 42 screen.png --to-requester")]
    Attach {
        /// Number of the ticket.
        number: i64,
        /// The file: 8 MiB at most.
        file: PathBuf,
        /// Its requester sees it on their page; else it stays between technicians.
        #[arg(long)]
        to_requester: bool,
    },
    /// List its files, or keep one.
    #[command(
        after_help = "Example:\n  sonde ticket files 42\n  sonde ticket files 42 5k2… --out screen.png"
    )]
    Files {
        /// Number of the ticket.
        number: i64,
        /// Id of a file.
        #[arg(requires = "out")]
        file: Option<String>,
        /// Where it is written. What is there is not overwritten.
        #[arg(long, value_name = "FILE", requires = "file")]
        out: Option<PathBuf>,
    },
    /// List what devices were asked for on it.
    #[command(after_help = "Example:\n  sonde ticket jobs 42")]
    Jobs {
        /// Number of the ticket.
        number: i64,
        /// Only what was ordered before this job.
        #[arg(long, value_name = "JOB")]
        before: Option<String>,
    },
    /// List its snapshots, show what one of them froze, or one of its tables.
    #[command(after_help = "Example:\n  sonde ticket snapshots 42 5k2… --table filesystems")]
    Snapshots {
        /// Number of the ticket.
        number: i64,
        /// Id of a snapshot.
        snapshot: Option<String>,
        /// Name of a table that it has.
        #[arg(long, requires = "snapshot")]
        table: Option<String>,
        /// Name of a metric, of what was measured when the ticket's words say that it happened.
        #[arg(long, requires = "snapshot", conflicts_with = "table")]
        metric: Option<String>,
    },
}
