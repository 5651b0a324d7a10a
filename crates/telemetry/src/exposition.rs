//! Figures as they are at one moment, in the text that Prometheus reads (OpenMetrics 1.0).

use std::fmt::Debug;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Metric, Registry};

use crate::process;

/// The type of the text.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What a program's own figures begin with.
const PREFIX: &str = "sanse";

/// Figures of one moment, those of the process among them.
#[derive(Debug)]
pub struct Figures(Registry);

impl Default for Figures {
    fn default() -> Self {
        let mut registry = Registry::default();
        process::add(&mut registry);
        Self(registry)
    }
}

impl Figures {
    /// Something that goes up and down, or is so (1) or not (0).
    pub fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.keep(name, help, ConstGauge::new(value));
    }

    /// Something that only rises, while the program runs.
    pub fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.keep(name, help, ConstCounter::new(value));
    }

    /// A gauge for each of these labels.
    pub fn gauges<L: Labels>(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (L, f64)>) {
        let family = Family::<L, Gauge<f64, AtomicU64>>::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value);
        }
        self.keep(name, help, family);
    }

    /// A counter for each of these labels.
    pub fn counters<L: Labels>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (L, u64)>,
    ) {
        let family = Family::<L, Counter>::default();
        for (labels, value) in values {
            family.get_or_create(&labels).inc_by(value);
        }
        self.keep(name, help, family);
    }

    /// A figure that its owner counts.
    pub fn keep(&mut self, name: &str, help: &str, metric: impl Metric) {
        self.0.register(format!("{PREFIX}_{name}"), help, metric);
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut written = String::new();
        text::encode(&mut written, &self.0).expect("a string takes whatever is written");
        written
    }
}

/// What tells figures of one name apart: never a person.
pub trait Labels: EncodeLabelSet + Clone + Debug + Eq + std::hash::Hash + Send + Sync + 'static {}

impl<T: EncodeLabelSet + Clone + Debug + Eq + std::hash::Hash + Send + Sync + 'static> Labels for T {}
