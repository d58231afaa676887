//! Users at the door, over real sockets.

use super::super::super::limits::OPEN_OF_ONE;
use super::*;
use crate::help::Standing;

struct Door {
    folder: tempfile::TempDir,
    desk: Desk,
}

impl Door {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(&folder.path().join("in/help"));
        Self { folder, desk }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("in/help")
    }

    /// The first answer to what is written as it is.
    async fn answer_to(&self, bytes: Vec<u8>) -> Option<Reply> {
        let path = self.path();
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = std::os::unix::net::UnixStream::connect(path).unwrap();
            stream.write_all(&bytes).ok();
            let mut client = Client(io::BufReader::new(stream));
            client.next(TO_ANSWER).unwrap_or(None)
        });
        asked.await.unwrap()
    }
}

fn refused(why: Refusal) -> Option<Reply> {
    Some(Reply::Refused { why })
}

#[tokio::test]
async fn who_asks_is_whom_the_system_says() {
    let mut door = Door::open();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&door.path()), 0o666);
    assert_eq!(mode(door.path().parent().unwrap()), 0o755);
    let path = door.path();
    let client = tokio::task::spawn_blocking(move || {
        let mut client = ask(&path, &Request::Standing {}).unwrap();
        (
            client.next(TO_ANSWER).unwrap(),
            client.next(TO_ANSWER).unwrap(),
        )
    });
    let asked = door.desk.next().await;
    let own = rustix::process::geteuid().as_raw();
    let (login, _) = host::account(own).unwrap().unwrap();
    assert_eq!((asked.login, asked.is_root), (login, own == 0));
    assert_eq!(asked.request, Request::Standing {});
    let standing = Standing::default();
    let reply = Reply::Standing { standing };
    asked.answer.say(reply.clone());
    drop(asked.answer);
    assert_eq!(client.await.unwrap(), (Some(reply), None));
    let path = door.path();
    drop(door.desk);
    assert!(!path.exists());
}

#[tokio::test]
async fn what_is_no_question_does_not_come_to_the_agent() {
    let door = Door::open();
    let not = || refused(Refusal::NotUnderstood);
    assert_eq!(door.answer_to(b"rule\n".to_vec()).await, not());
    assert_eq!(door.answer_to(vec![0xff, b'\n']).await, not());
    let long = vec![b'x'; QUESTION_BYTES as usize];
    assert_eq!(door.answer_to(long).await, not());
}

#[tokio::test]
async fn who_holds_the_door_open_is_not_let_in_again() {
    let mut door = Door::open();
    let held: Vec<_> = (0..OPEN_OF_ONE)
        .map(|_| std::os::unix::net::UnixStream::connect(door.path()).unwrap())
        .collect();
    let question = b"{\"ask\":\"standing\"}\n".to_vec();
    let next = door.answer_to(question.clone()).await;
    assert_eq!(next, refused(Refusal::Busy));
    drop(held);
    // Their places are free when their ends were seen.
    let until = clock::now().boot_us + 10_000_000;
    loop {
        let path = door.path();
        let client =
            tokio::task::spawn_blocking(move || ask(&path, &Request::Standing {})?.next(TO_ANSWER));
        tokio::select! {
            asked = door.desk.next() => {
                drop(asked);
                client.await.unwrap().unwrap();
                return;
            }
            () = sleep(PAUSE) => assert!(clock::now().boot_us < until),
        }
    }
}
