//! What the database knows of the model call that goes on: that it began, and the most that it may use.

use super::Turn;
use crate::{
    error::Result,
    model::Millis,
    server::{
        budgets::counter::Worst,
        runs::lease::Lease,
        store::{
            bind::Args,
            db::{Run as _, Tx},
        },
    },
};

const BEGIN_STEP: &str = "UPDATE runs SET step = $4, lease_until = $5, worked_ms = $6, call_input_tokens = $7, call_output_tokens = $8 \
    WHERE group_id = $1 AND id = $2 AND lease_token = $3 AND status = 'running'";

// Whether the group has budgets is said along with what is asked anyway: where it has none, that is all they cost.
const BEGIN_CALL: &str = "UPDATE runs SET step = $4, lease_until = $5, worked_ms = $6, call_input_tokens = $7, call_output_tokens = $8 \
    WHERE group_id = $1 AND id = $2 AND lease_token = $3 AND status = 'running' \
    RETURNING EXISTS (SELECT 1 FROM budgets b WHERE b.group_id = runs.group_id) AS budgeted";

const HOLD_TO_BOOK: &str = "UPDATE runs SET lease_until = $4, call_input_tokens = NULL, call_output_tokens = NULL \
    WHERE group_id = $1 AND id = $2 AND lease_token = $3 AND status = 'running' \
    RETURNING EXISTS (SELECT 1 FROM budgets b WHERE b.group_id = runs.group_id) AS budgeted";

// The most that the call may use is known better once its request is put together.
const HOLD_CALL: &str = "UPDATE runs SET lease_until = $4, \
    call_input_tokens = COALESCE($5, call_input_tokens), call_output_tokens = COALESCE($6, call_output_tokens) \
    WHERE group_id = $1 AND id = $2 AND lease_token = $3 AND status = 'running'";

const TAKE: &str = "UPDATE threads SET seq = seq + 1 WHERE group_id = $1 AND id = $2 \
    AND EXISTS (SELECT 1 FROM runs WHERE group_id = $1 AND id = $3 AND lease_token = $4 AND status = 'running') RETURNING seq";

impl Turn<'_> {
    /// Writes down that the first model call is about to be made, in the transaction that claimed the run.
    pub fn begin_first_step(&self, tx: &mut Tx, until: Millis, worst: Worst) {
        let Lease { group, run, token, .. } = *self.lease;
        tx.later(BEGIN_STEP, (group, run, token, 1i64, until, 0i64, worst.input_tokens, worst.output_tokens));
    }

    /// Writes down that a model call is about to be made, before it is, the most that it may use, how long the run was
    /// driven until now, and says whether the group has budgets. `None` where the lease was lost.
    pub async fn begin_call(&self, tx: &mut Tx, step: i64, until: Millis, worked: Millis, worst: Worst) -> Result<Option<bool>> {
        let Lease { group, run, token, .. } = *self.lease;
        let args = (group, run, token, step, until, worked, worst.input_tokens, worst.output_tokens);
        let rows = tx.rows(BEGIN_CALL, args).await?;
        Ok(rows.first().map(|row| row.get("budgeted")).transpose()?)
    }

    /// Renews the lease like [`Turn::hold`], and says whether the group has budgets. `None` where the lease was lost.
    pub async fn hold_to_book(&self, tx: &mut Tx, until: Millis) -> Result<Option<bool>> {
        let rows = tx.rows(HOLD_TO_BOOK, (self.lease.group, self.lease.run, self.lease.token, until)).await?;
        Ok(rows.first().map(|row| row.get("budgeted")).transpose()?)
    }

    /// Renews the lease like [`Turn::hold`] while a call goes on; with `worst`, the most that this may use is less than was
    /// thought when it began.
    pub async fn hold_call(&self, tx: &mut Tx, until: Millis, worst: Option<Worst>) -> Result<bool> {
        Ok(tx.exec(HOLD_CALL, self.held(until, worst)).await? == 1)
    }

    /// Renews the lease like [`Turn::hold`], and takes the next number of the thread. Where `worst` is given, that is the
    /// most that the call which goes on may use. `None` where the lease was lost.
    pub async fn hold_and_take(&self, tx: &mut Tx, until: Millis, worst: Option<Worst>) -> Result<Option<i64>> {
        let Lease { group, run, token, thread } = *self.lease;
        tx.later(HOLD_CALL, self.held(until, worst));
        let rows = tx.rows(TAKE, (group, thread, run, token)).await?;
        Ok(rows.first().map(|row| row.get("seq")).transpose()?)
    }

    fn held(&self, until: Millis, worst: Option<Worst>) -> impl Args + use<> {
        let Lease { group, run, token, .. } = *self.lease;
        (group, run, token, until, worst.map(|worst| worst.input_tokens), worst.map(|worst| worst.output_tokens))
    }
}
