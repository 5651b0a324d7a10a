//! The process itself, as Linux tells of it; elsewhere nothing is told.

use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// Adds what is known of this process, under the names that Prometheus's own libraries use.
pub(crate) fn add(registry: &mut Registry) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut gauge = |name: &str, help: &str, value: Option<i64>| {
        if let Some(value) = value {
            registry.register(name, help, ConstGauge::new(value));
        }
    };
    gauge("process_resident_memory_bytes", "Resident memory", kilobytes(&status, "VmRSS"));
    gauge("process_virtual_memory_bytes", "Virtual memory", kilobytes(&status, "VmSize"));
    gauge("process_threads", "Threads", field(&status, "Threads"));
    let open = std::fs::read_dir("/proc/self/fd").ok().and_then(|files| i64::try_from(files.count()).ok());
    gauge("process_open_fds", "Open files, connections among them", open);
}

/// A line of the file, such as `VmRSS:     9084 kB`, in bytes.
fn kilobytes(status: &str, name: &str) -> Option<i64> {
    field(status, name)?.checked_mul(1024)
}

fn field(status: &str, name: &str) -> Option<i64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_file() {
        let status = "Name:\tissuer\nVmSize:\t  203104 kB\nVmRSS:\t    9084 kB\nThreads:\t3\n";
        assert_eq!(kilobytes(status, "VmRSS"), Some(9_302_016));
        assert_eq!(field(status, "Threads"), Some(3));
        assert_eq!(field(status, "Vm"), None);
        assert_eq!(kilobytes("", "VmRSS"), None);
    }
}
