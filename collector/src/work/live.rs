//! Looking at a device's live metrics, on behalf of a job: it ends when nobody looks any more.

use std::time::Duration;

use tokio::sync::broadcast;
use tokio::time::sleep;

use super::Work;
use crate::clock::now_us;
use crate::link::looks::Seen;
use crate::link::registry::Command;
use crate::store::work::CancelOutcome;
use crate::store::{COLLECTOR, Id};

/// Who lost their connection comes back within this; then the job is cancelled.
const COME_BACK: Duration = Duration::from_secs(10);

/// Somebody looks, as long as this is kept.
pub struct Watching {
    work: Work,
    device_key: i64,
    job: Id,
    seen: broadcast::Receiver<Seen>,
}

impl Work {
    /// Begins to look. What the device shows comes from now on.
    pub fn watch(&self, device_key: i64, job: Id) -> Watching {
        let seen = self.registry.looks.begin(device_key, job);
        if let Some(session) = self.registry.only(device_key) {
            session.tell(Command::Look);
        }
        Watching {
            work: self.clone(),
            device_key,
            job,
            seen,
        }
    }

    /// Ends a job at which nobody looks.
    async fn cancel_unwatched(&self, device_key: i64, job: Id) {
        sleep(COME_BACK).await;
        if self.registry.looks.is_watched(device_key, job) {
            return;
        }
        // If that fails, the device ends it: nobody fetches what it shows.
        match self.store.cancel_job(job, COLLECTOR, now_us()).await {
            Ok(CancelOutcome::Asked { device_key }) => {
                for session in self.registry.of(device_key) {
                    session.tell(Command::Orders);
                }
            }
            Ok(CancelOutcome::Cancelled(change)) => self.bus.tell(super::Live::Job(change)),
            Ok(CancelOutcome::Ended(_)) => {}
            Err(error) => {
                tracing::warn!(job.id = %job, %error, "an unwatched job is not cancelled")
            }
        }
    }
}

impl Watching {
    /// What the device shows next. Lagged: so many were missed.
    pub async fn next(&mut self) -> Result<Seen, broadcast::error::RecvError> {
        self.seen.recv().await
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let (device_key, job) = (self.device_key, self.job);
        if !self.work.registry.looks.end(device_key, job) {
            return;
        }
        // Without a runtime the collector ends, and so do its channels.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let work = self.work.clone();
            runtime.spawn(async move { work.cancel_unwatched(device_key, job).await });
        }
    }
}
