//! What a session's reports are read by: tables and catalogue, and the names of series.

use sonde_proto::v1;
use sonde_proto::{caps, judged};
use tonic::Status;

use super::{Session, enrol};
use crate::clock::now_us;
use crate::store::metrics::NewSeries;
use crate::store::{DeviceId, Id, StoreError};

impl Session {
    /// Gives series that are named for the first time their numbers in the store.
    /// What the store does not take is not kept, and stops nothing else.
    pub(super) async fn name(&mut self, mut new: Vec<v1::Series>) -> Result<(), Status> {
        if new.is_empty() {
            return Ok(());
        }
        let n_series = new.len();
        let refused = match caps::admit_series(&mut new) {
            Ok(()) => {
                let new = new.into_iter().map(named).collect();
                match self.link.store.name_series(self.device_key, new).await {
                    Ok(numbers) => {
                        self.intake.named(numbers.into_iter().map(Some));
                        return Ok(());
                    }
                    Err(error @ StoreError::Refused { .. }) => error.to_string(),
                    Err(error) => return Err(enrol::store_status(error)),
                }
            }
            Err(violation) => violation.to_string(),
        };
        tracing::warn!(device.id = %self.device_id, refused, n_series, "series are not kept");
        self.intake.named(std::iter::repeat_n(None, n_series));
        Ok(())
    }

    pub(super) async fn declare(&mut self, declared: v1::Declared) -> Result<(), Status> {
        let whole = self.pieces.take(declared);
        let whole = whole.map_err(|error| Status::invalid_argument(error.to_string()))?;
        if whole.is_empty() {
            return Ok(());
        }
        // What was not asked for is not kept.
        let mut bodies: Vec<(Id, Vec<u8>)> = whole
            .iter()
            .map(|body| (Id(sonde_proto::declaration::id(body)), body.to_vec()))
            .filter(|(id, _)| self.wanted.remove(id))
            .collect();
        bodies.retain(|(_, body)| is_sound(body, &self.device_id));
        self.link
            .store
            .save_declarations(self.device_key, bodies.clone(), now_us())
            .await
            .map_err(enrol::store_status)?;
        for (id, body) in &bodies {
            if let Some(table) = self.link.declared.remember(*id, body) {
                self.intake.declare(*id, table);
            }
        }
        Ok(())
    }
}

/// What refers to a declaration that is not kept is refused.
fn is_sound(body: &[u8], device_id: &DeviceId) -> bool {
    match judged::judge(body) {
        Ok(_) => true,
        Err(wrong) => {
            tracing::warn!(device.id = %device_id, %wrong, "a declaration is refused");
            false
        }
    }
}

fn named(series: v1::Series) -> NewSeries {
    NewSeries {
        name: series.name,
        labels: series.labels,
        unit: series.unit,
        scale: series.scale,
        counter: series.counter,
    }
}
