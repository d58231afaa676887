use super::*;
use crate::host::recorded::Tree;
use std::time::Duration;

fn run(program: &str, arguments: &[&str], deadline: Duration) -> Step {
    Step::Run {
        program: program.into(),
        arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
        deadline,
        outlives: false,
    }
}

fn words() -> Message {
    Message::new("x", vec![])
}

const LONG: Duration = Duration::from_secs(60);

/// What became of the plan, and its output.
async fn outcome(host: &Host, plan: &Plan, cancel: Cancel) -> (String, String) {
    let mut output = Vec::new();
    let applied = apply(
        host,
        plan,
        &mut |progress| {
            if let Progress::Output { data, .. } = progress {
                output.extend(data);
            }
        },
        cancel,
    )
    .await;
    let outcome = match applied.outcome {
        Outcome::Succeeded => "succeeded".into(),
        Outcome::Failed(why) => format!("failed {}", why.id),
        Outcome::Refused(Refusal(why)) => format!("refused {}", why.id),
        Outcome::Cancelled => "cancelled".into(),
        Outcome::Unknown(why) => format!("unknown {}", why.id),
    };
    let back = applied.undo.map_or(0, |undo| undo.steps.len());
    let outcome = format!("{outcome}, {} done, {back} back", applied.n_done);
    (outcome, String::from_utf8(output).unwrap())
}

#[tokio::test]
async fn arguments_reach_the_program_as_they_are() {
    let plan = Plan::default().step(words(), run("printf", &["%s|", "a b;$(id)", "*"], LONG));
    let (outcome, output) = outcome(&Host::this(), &plan, never()).await;
    assert_eq!(outcome, "succeeded, 1 done, 0 back");
    assert_eq!(output, "a b;$(id)|*|");
}

#[tokio::test]
async fn the_first_failure_ends_it_and_the_way_back_is_of_what_was_done() {
    let plan = Plan::default()
        .step(words(), run("true", &[], LONG))
        .or_back(words(), run("true", &["back"], LONG))
        .step(words(), run("false", &[], LONG))
        .or_back(words(), run("true", &["back"], LONG))
        .step(words(), run("true", &[], LONG));
    let (outcome, _) = outcome(&Host::this(), &plan, never()).await;
    assert_eq!(outcome, "failed step_exit, 1 done, 1 back");
}

#[tokio::test]
async fn work_that_outlives_its_program_is_unknown_when_that_is_ended() {
    let asks = |program: &str, arguments: &[&str], deadline| {
        let mut step = run(program, arguments, deadline);
        if let Step::Run { outlives, .. } = &mut step {
            *outlives = true;
        }
        Plan::default().step(words(), step)
    };
    let short = Duration::from_millis(50);
    let (late, _) = outcome(&Host::this(), &asks("sleep", &["60"], short), never()).await;
    assert_eq!(late, "unknown step_goes_on, 0 done, 0 back");
    let killed = asks("sh", &["-c", "kill -9 $$"], LONG);
    let (killed, _) = outcome(&Host::this(), &killed, never()).await;
    assert_eq!(killed, "unknown step_goes_on, 0 done, 0 back");
    let (refused, _) = outcome(&Host::this(), &asks("false", &[], LONG), never()).await;
    assert_eq!(refused, "failed step_exit, 0 done, 0 back");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_a_failure() {
    let plan = Plan::default().step(words(), run("no-such-program", &[], LONG));
    let (outcome, _) = outcome(&Host::this(), &plan, never()).await;
    assert_eq!(outcome, "failed step_not_started, 0 done, 0 back");
}

#[tokio::test]
async fn a_plan_that_lacks_rights_is_refused_whole() {
    let mut plan = Plan::default().step(words(), run("true", &[], LONG));
    plan.lacks.push(Message::new("needs_user", vec![]));
    let (outcome, _) = outcome(&Host::this(), &plan, never()).await;
    assert_eq!(outcome, "refused needs_user, 0 done, 0 back");
}

/// A shell that starts a child: both are in one group.
fn family() -> Step {
    let script = "sleep 1000 & echo $! $$; wait";
    run("sh", &["-c", script], LONG)
}

fn is_gone(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.map_or(true, |stat| stat.contains(") Z "))
}

#[tokio::test]
async fn cancelling_ends_the_whole_group_before_it_says_so() {
    let host = Host::this();
    let plan = Plan::default().step(words(), family());
    let (cancel, cancelled) = watch::channel(false);
    let mut pids = String::new();
    let applied = apply(
        &host,
        &plan,
        &mut |progress| {
            if let Progress::Output { data, .. } = progress {
                pids.push_str(std::str::from_utf8(&data).unwrap());
                cancel.send(true).unwrap();
            }
        },
        cancelled,
    )
    .await;
    assert_eq!(applied.outcome, Outcome::Cancelled);
    assert_eq!(pids.split_whitespace().count(), 2, "{pids}");
    assert!(pids.split_whitespace().all(is_gone), "{pids}");
}

#[tokio::test]
async fn a_deadline_ends_the_whole_group() {
    let mut step = family();
    if let Step::Run { deadline, .. } = &mut step {
        *deadline = Duration::from_millis(300);
    }
    let plan = Plan::default().step(words(), step);
    let (outcome, pids) = outcome(&Host::this(), &plan, never()).await;
    assert_eq!(outcome, "failed step_timeout, 0 done, 0 back");
    assert!(pids.split_whitespace().all(is_gone), "{pids}");
}

#[tokio::test]
async fn what_a_program_leaves_running_is_not_waited_for() {
    let host = Host::this();
    let plan = Plan::default().step(words(), run("sh", &["-c", "sleep 1000 & echo $!"], LONG));
    let (outcome, left) = outcome(&host, &plan, never()).await;
    assert_eq!(outcome, "succeeded, 1 done, 0 back");
    let left = left.trim().parse().unwrap();
    let start_us = host.process(left).unwrap().start_us;
    let ended = host.signal(left, start_us, Signal::Kill, LONG);
    assert_eq!(ended.await, Ok(()));
}

#[tokio::test]
async fn the_tail_is_passed_on_though_something_keeps_the_pipe_open() {
    let host = Host::this();
    let script = "sleep 1000 & echo $!; head -c 100000 /dev/zero; echo last";
    let plan = Plan::default().step(words(), run("sh", &["-c", script], LONG));
    let (outcome, output) = outcome(&host, &plan, never()).await;
    assert_eq!(outcome, "succeeded, 1 done, 0 back");
    assert!(output.ends_with("last\n"), "{} bytes", output.len());
    let left = output.lines().next().unwrap().parse().unwrap();
    let start_us = host.process(left).unwrap().start_us;
    let ended = host.signal(left, start_us, Signal::Kill, LONG);
    assert_eq!(ended.await, Ok(()));
}

#[tokio::test]
async fn a_long_output_is_cut_in_the_middle() {
    let script = "i=0; while [ $i -lt 30000 ]; do echo line $i; i=$((i+1)); done";
    let plan = Plan::default().step(words(), run("sh", &["-c", script], LONG));
    let mut missing = 0;
    let mut passed = 0;
    let applied = apply(
        &Host::this(),
        &plan,
        &mut |progress| {
            if let Progress::Output {
                data,
                missing_bytes,
                ..
            } = progress
            {
                passed += data.len() as u64;
                missing += missing_bytes;
            }
        },
        never(),
    )
    .await;
    assert_eq!(applied.outcome, Outcome::Succeeded);
    // `line ` and a line feed, and the digits.
    let digits: u64 = (0..30_000_u32).map(|n| n.to_string().len() as u64).sum();
    assert_eq!(passed + missing, 30_000 * 6 + digits);
    assert!(missing > 0);
}

#[tokio::test]
async fn a_process_is_ended_only_when_it_is_the_one() {
    let host = Host::this();
    let mut child = crate::host::program::command(std::path::Path::new("/bin/sleep"))
        .arg("1000")
        .spawn()
        .unwrap();
    let pid = child.id();
    let start_us = host.process(pid).unwrap().start_us;
    let signal = |start_us| {
        Plan::default().step(
            words(),
            Step::Signal {
                pid,
                start_us,
                signal: Signal::Terminate,
                wait: LONG,
            },
        )
    };
    let (said, _) = outcome(&host, &signal(start_us + 10_000), never()).await;
    assert_eq!(said, "failed step_other_process, 0 done, 0 back");
    assert_eq!(child.try_wait().unwrap(), None);
    let (said, _) = outcome(&host, &signal(start_us), never()).await;
    assert_eq!(said, "succeeded, 1 done, 0 back");
    assert!(!child.wait().unwrap().success());
}

#[tokio::test]
async fn files_that_changed_are_left_and_the_others_go() {
    use std::os::unix::fs::MetadataExt as _;
    let tree = Tree::new(&[("/var/cache/x/a", "1"), ("/var/cache/x/b", "2")]);
    let host = tree.host();
    let file = |name: &str, inode| {
        let stat = std::fs::metadata(host.path(&format!("/var/cache/x/{name}"))).unwrap();
        File {
            path: name.into(),
            bytes: 1,
            device: stat.dev(),
            inode: stat.ino() + inode,
        }
    };
    let remove = |files| {
        let root = "/var/cache/x".into();
        Plan::default().step(words(), Step::RemoveFiles { root, files })
    };
    let both = remove(vec![file("a", 0), file("b", 1_000_000)]);
    let mut left = None;
    let mut progress = |progress| {
        if let Progress::Done { left: of_step, .. } = progress {
            left = of_step;
        }
    };
    let applied = apply(&host, &both, &mut progress, never()).await;
    assert_eq!((applied.outcome, applied.n_done), (Outcome::Succeeded, 1));
    assert_eq!(
        left.unwrap().arguments[..2],
        [count("kept", 1), count("files", 2)]
    );
    assert_eq!(host.names("/var/cache/x").unwrap(), ["b"]);
    let other = remove(vec![file("b", 1_000_000)]);
    let (said, _) = outcome(&host, &other, never()).await;
    assert_eq!(said, "failed step_kept, 0 done, 0 back");
}
