//! Writing: a transaction, run again from its beginning when another got in its way.
//!
//! On PostgreSQL every write is SERIALIZABLE, so that two at once give what one after the other would have given; where that
//! can't be, the server ends one of them, and it is up to the program to run it again. That is done here and nowhere else.

use std::time::{Duration, Instant};

use pass::random;
use sqlx::{Any, Transaction};

use crate::open::Backend;
use crate::{Store, StoreError};

/// Tried again for so long: as long as a writer to SQLite waits for another.
const PATIENCE: Duration = Duration::from_secs(120);
/// But at least so often: what takes minutes gets more than one chance.
const LEAST_TRIES: u32 = 8;
/// A number that two took at once is free in the second round; what is taken in the fifth is taken.
const MOST_TAKEN: u32 = 5;
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// What got in a transaction's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clash {
    /// Another transaction: this one may go well when run again.
    Another,
    /// A key that was there already, perhaps only since another transaction ended.
    Taken,
}

/// Runs a block with a connection in a transaction, and commits it: `transaction!(store, |tx| { … Ok(done) })`. When another
/// transaction got in its way, all of it is undone and the block is run again, so it must do nothing that a second run would
/// not do over. An error undoes everything.
///
/// A macro, because the future of a function that takes an asynchronous closure can't be moved between threads.
macro_rules! transaction {
    ($store:expr, |$tx:ident| $work:block) => {{
        let mut rounds = crate::write::Rounds::of($store);
        loop {
            let done: Result<_, StoreError> = match rounds.begin().await {
                Err(error) => Err(error),
                Ok(mut transaction) => {
                    let done: Result<_, StoreError> = async {
                        let $tx: &mut sqlx::AnyConnection = &mut transaction;
                        $work
                    }
                    .await;
                    crate::write::Rounds::end(transaction, done).await
                }
            };
            match done {
                Ok(done) => break Ok(done),
                Err(error) => match rounds.once_more(error).await {
                    Some(error) => break Err(error),
                    None => continue,
                },
            }
        }
    }};
}

/// The tries of one [`transaction!`].
pub(crate) struct Rounds<'a> {
    store: &'a Store,
    patience: Patience,
}

impl<'a> Rounds<'a> {
    pub(crate) fn of(store: &'a Store) -> Self {
        Self { store, patience: Patience::default() }
    }

    /// Two writers must not both read what only one may change.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let begin = match self.store.backend() {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres(_) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        };
        Ok(self.store.pool().begin_with(begin).await?)
    }

    /// Commits what went well; the rest is undone.
    pub(crate) async fn end<T>(
        transaction: Transaction<'static, Any>,
        done: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match done {
            Ok(done) => {
                transaction.commit().await?;
                Ok(done)
            }
            Err(error) => {
                // Where this fails as well, the connection is gone, and the transaction with it.
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    }

    /// Waits a little before the next try; where there is none, what to tell.
    pub(crate) async fn once_more(&mut self, error: StoreError) -> Option<StoreError> {
        let clash = match (&error, self.store.backend()) {
            (StoreError::Database(error), Backend::Postgres(_)) => clash(error),
            _ => None,
        };
        if self.patience.once_more(clash).await {
            self.store.tally().ran_again();
            return None;
        }
        Some(match clash {
            Some(Clash::Another) => StoreError::Contended,
            _ => error,
        })
    }
}

/// What of an error passes by itself (PostgreSQL's manual, appendix A).
pub(crate) fn clash(error: &sqlx::Error) -> Option<Clash> {
    match &*error.as_database_error()?.code()? {
        // Could not serialize; deadlock; and two programs that make the same table at once (XX000: its row changed meanwhile).
        "40001" | "40P01" | "42P07" | "XX000" => Some(Clash::Another),
        "23505" => Some(Clash::Taken),
        _ => None,
    }
}

/// How often something is tried again, with pauses that grow and that no two programs share.
#[derive(Debug)]
pub(crate) struct Patience {
    since: Instant,
    tries: u32,
    taken: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self { since: Instant::now(), tries: 0, taken: 0 }
    }
}

impl Patience {
    /// Whether to try again after this, and the pause before it.
    pub(crate) async fn once_more(&mut self, clash: Option<Clash>) -> bool {
        self.tries += 1;
        let again = match clash {
            None => false,
            Some(Clash::Another) => self.tries < LEAST_TRIES || self.since.elapsed() < PATIENCE,
            Some(Clash::Taken) => {
                self.taken += 1;
                self.taken < MOST_TAKEN
            }
        };
        if again {
            tokio::time::sleep(pause(self.tries)).await;
        }
        again
    }
}

/// Anything up to 4 ms, twice that, four times that, and so on.
fn pause(tries: u32) -> Duration {
    let longest = Duration::from_millis(4).saturating_mul(1 << tries.min(10)).min(LONGEST_PAUSE);
    longest.mul_f64(f64::from(u32::from_be_bytes(random::bytes())) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        for tries in [1, 5, 40, u32::MAX] {
            assert!(pause(tries) <= LONGEST_PAUSE);
        }
        assert!(pause(1) <= Duration::from_millis(8));
        let some: Vec<_> = (0..8).map(|_| pause(20)).collect();
        assert!(some.iter().any(|pause| *pause != some[0]), "programs that clashed would clash again");
    }

    #[tokio::test]
    async fn patience_ends() {
        let mut patience = Patience::default();
        assert!(!patience.once_more(None).await, "what is wrong for good is not tried again");
        let mut tries = 0;
        while patience.once_more(Some(Clash::Taken)).await {
            tries += 1;
        }
        assert_eq!(tries, MOST_TAKEN - 1);
    }
}
