//! What the office says of itself: a name and a value for each setting, with who wrote it when.

use registry::{Lifetime, OfficeSettings};

use crate::act::log;
use crate::changes::changed as tell;
use crate::counters::Version;
use crate::row::{Columns, damaged};
use crate::{Act, Action, Store, StoreError};

impl Store {
    /// What the office says of itself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn office_settings(&self) -> Result<OfficeSettings, StoreError> {
        let rows = sqlx::query("SELECT name, value FROM settings WHERE name LIKE 'office:%'")
            .fetch_all(self.pool())
            .await?;
        let mut settings = OfficeSettings::default();
        for row in &rows {
            let (name, value) = (row.text("name")?, row.text("value")?);
            let wrong = || damaged("setting", format!("{name} = {value}"));
            let days = || value.parse::<u32>().map_err(|_| wrong());
            match name.as_str() {
                "office:name" => settings.name = value,
                "office:telephone" => settings.telephone = value,
                "office:address" if value.is_empty() => {}
                "office:address" => settings.public_address = Some(value.parse().map_err(|_| wrong())?),
                "office:pass_days" => settings.lifetime.days = days()?,
                "office:renew_days" => settings.lifetime.renewed_in_last_days = days()?,
                // Of a newer program.
                _ => {}
            }
        }
        Ok(settings)
    }

    /// Keeps what the office says of itself. What stays as it was is not written again. Returns whether anything changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_office_settings(
        &self,
        settings: &OfficeSettings,
        act: &Act<'_>,
    ) -> Result<bool, StoreError> {
        let OfficeSettings { name, telephone, public_address, lifetime } = settings;
        let Lifetime { days, renewed_in_last_days } = lifetime;
        let values = [
            ("office:name", name.clone()),
            ("office:telephone", telephone.clone()),
            ("office:address", public_address.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("office:pass_days", days.to_string()),
            ("office:renew_days", renewed_in_last_days.to_string()),
        ];
        transaction!(self, |tx| {
            let mut changed = Vec::new();
            for (name, value) in &values {
                let had: Option<String> = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
                    .bind(*name)
                    .fetch_optional(&mut *tx)
                    .await?;
                if had.as_ref() == Some(value) {
                    continue;
                }
                sqlx::query(
                    "INSERT INTO settings (name, value, at, who) VALUES ($1, $2, $3, $4) ON CONFLICT (name)
                     DO UPDATE SET value = excluded.value, at = excluded.at, who = excluded.who",
                )
                .bind(*name)
                .bind(value.as_str())
                .bind(act.at.0)
                .bind(act.by)
                .execute(&mut *tx)
                .await?;
                changed.push(format!("{name} = {value}"));
            }
            if changed.is_empty() {
                return Ok(false);
            }
            log(&mut *tx, act, Action::Settings, &changed.join("; ")).await?;
            // Gates are told where the office is.
            let rows = sqlx::query("SELECT DISTINCT compound FROM gates").fetch_all(&mut *tx).await?;
            for row in &rows {
                tell(&mut *tx, &[Version::Directions(row.compound("compound")?)]).await?;
            }
            Ok(true)
        })
    }
}
