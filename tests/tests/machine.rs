//! The virtual machine keeps its promises: programs run in it, and pulling its plug loses what was not synced, only that.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::time::Duration;

use end_to_end::machine::{Disk, Machine, Options};

const LONG: Duration = Duration::from_secs(120);

#[test]
fn programs_run_and_a_cut_keeps_what_was_synced() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let disk = Disk::create(&folder.path().join("disk.img"), 64);
    let options = Options { disks: vec![disk], ..Options::default() };

    let machine = Machine::boot(&options);
    assert_eq!(machine.run("uname -s; cat /proc/sys/kernel/osrelease | grep -c amd64"), "Linux\n1\n");
    let failed = machine.start("echo out; echo wrong >&2; exit 7").wait(LONG);
    assert_eq!((failed.code, failed.stdout.as_str(), failed.stderr.as_str()), (7, "out\n", "wrong\n"));
    // Both sides see the folder, and only the folder can be written.
    std::fs::write(machine.folder().join("there"), "from the host")
        .expect("a temporary folder can be written");
    machine.run(&format!("grep -q 'from the host' {}/there", machine.folder().display()));
    assert_ne!(machine.start("touch /usr/written").wait(LONG).code, 0);
    let sleeper = machine.start("echo asleep; sleep 1000");
    sleeper.wait_for("its first line", LONG, |job| job.stdout() == "asleep\n");
    sleeper.signal("KILL");
    assert_eq!(sleeper.wait(LONG).code, 128 + 9);
    machine.run("modprobe uinput && modprobe v4l2loopback && test -c /dev/uinput -a -c /dev/video0");

    // The kernel would write it back in half a minute.
    machine.run("echo 0 > /proc/sys/vm/dirty_writeback_centisecs");
    machine.run("cd /run/disk0; echo kept > kept; sync kept; echo lost > lost");
    machine.cut();
    let machine = Machine::boot(&options);
    assert_eq!(machine.run("cd /run/disk0; cat kept; cat lost 2>/dev/null || true"), "kept\n");
}
