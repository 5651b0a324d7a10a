//! A virtual machine with Debian's kernel that sees the host's files and runs the host's programs: for devices that this
//! machine doesn't have (cameras, input devices), and for pulling the plug.
//!
//! It boots in about ten seconds without hardware acceleration, and has no network. The host's root is its root, read-only;
//! one folder, [`Machine::folder`], can be written from both sides and has the same path on both. Disks are files:
//! what a program in the machine has synced is on them whenever [`Machine::cut`] comes, and what it has not may be lost.
//! Every wait ends: with a panic that shows the machine's console.
//!
//! ```no_run
//! use end_to_end::machine::{Disk, Machine, Options};
//! # let work = std::path::Path::new("/tmp");
//! let disk = Disk::create(&work.join("disk.img"), 256);
//! let machine = Machine::boot(&Options { disks: vec![disk.clone()], ..Options::default() });
//! machine.run("echo kept > /run/disk0/file && sync");
//! machine.cut();
//! let machine = Machine::boot(&Options { disks: vec![disk], ..Options::default() });
//! assert_eq!(machine.run("cat /run/disk0/file"), "kept\n");
//! ```

mod job;
mod kernel;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::office::text;
use crate::programs::run;
pub use job::{Ended, Job};
use kernel::Kernel;

/// How long a machine may take to boot: some ten seconds on an idle machine.
const BOOT: Duration = Duration::from_secs(150);
/// How often one that hangs is started.
const BOOTS: u32 = 3;
/// How long [`Machine::run`] waits.
const RUN: Duration = Duration::from_secs(180);
/// How often the host looks whether something has happened.
const LOOK: Duration = Duration::from_millis(20);

/// What a machine is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// Memory in MiB.
    pub memory: u32,
    /// Processors.
    pub processors: u32,
    /// Disks, mounted at `/run/disk0`, `/run/disk1` and so on.
    pub disks: Vec<Disk>,
}

impl Default for Options {
    fn default() -> Self {
        Self { memory: 768, processors: 2, disks: Vec::new() }
    }
}

/// A disk: a file with an ext4 file system in it, which outlives its machines.
#[derive(Clone, Debug)]
pub struct Disk(PathBuf);

impl Disk {
    /// A new disk of so many MiB.
    ///
    /// # Panics
    /// When there is no room, or no mkfs.ext4.
    #[must_use]
    pub fn create(path: &Path, mebibytes: u64) -> Self {
        let file = File::create(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        file.set_len(mebibytes << 20).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let _ = run(Command::new("/sbin/mkfs.ext4").args(["-q", "-F", text(path)]));
        Self(path.to_owned())
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// A machine that runs. Dropping it is pulling the plug.
#[derive(Debug)]
pub struct Machine {
    folder: TempDir,
    running: Mutex<Running>,
    /// Keeps the thread that has started the machine, which must not end before it.
    _starter: Sender<()>,
}

#[derive(Debug)]
struct Running {
    qemu: Child,
    orders: ChildStdin,
    jobs: u32,
}

impl Machine {
    /// Boots a machine and waits until it takes orders.
    ///
    /// # Panics
    /// When it doesn't within some minutes; with its console.
    #[must_use]
    pub fn boot(options: &Options) -> Self {
        for _ in 1..BOOTS {
            let machine = Self::started(options);
            if machine.becomes(BOOT, || machine.is_up()) || machine.stopped().is_some() {
                return machine.booted();
            }
            // On a busy host an emulated processor now and then never answers the other: its plug is pulled, as anybody would.
            eprintln!("a machine hangs, and is started anew\n{}", machine.console());
        }
        Self::started(options).booted()
    }

    fn booted(self) -> Self {
        self.wait(&|| "boot".to_owned(), BOOT, || self.is_up());
        self
    }

    fn is_up(&self) -> bool {
        self.folder().join("booted").exists()
    }

    fn started(options: &Options) -> Self {
        let kernel = Kernel::ready();
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let boot = BOOT_SCRIPT.replace("MODULES", text(&kernel.modules));
        fs::write(folder.path().join("boot"), boot).expect("a temporary folder can be written");
        let (mut qemu, starter) = start(qemu(kernel, folder.path(), options));
        let orders = qemu.stdin.take().expect("it was piped");
        let running = Mutex::new(Running { qemu, orders, jobs: 0 });
        Self { folder, running, _starter: starter }
    }

    /// The folder that both sides write. It goes with the machine.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a shell script to its end, and returns what it printed.
    ///
    /// # Panics
    /// When it fails, or takes longer than three minutes.
    pub fn run(&self, script: &str) -> String {
        let ended = self.start(script).wait(RUN);
        assert_eq!(ended.code, 0, "{script}\n{}\n{}\n{}", ended.stdout, ended.stderr, self.console());
        ended.stdout
    }

    /// Starts a shell script, beside whatever runs. Its directory is one of its own in [`Machine::folder`].
    ///
    /// # Panics
    /// When the machine has stopped.
    #[must_use]
    pub fn start(&self, script: &str) -> Job<'_> {
        let mut running = self.running();
        running.jobs += 1;
        let name = format!("job{}", running.jobs);
        let folder = self.folder().join(&name);
        fs::create_dir(&folder).expect("a temporary folder can be written");
        fs::write(folder.join("script"), script).expect("a temporary folder can be written");
        let told =
            running.orders.write_all(format!("{name}\n").as_bytes()).and_then(|()| running.orders.flush());
        drop(running);
        told.unwrap_or_else(|why| panic!("the machine takes no orders: {why}\n{}", self.console()));
        Job::new(self, folder)
    }

    /// Pulls the plug. What its jobs have printed until now can still be read.
    pub fn cut(&self) {
        let mut running = self.running();
        // It may have stopped by itself.
        let _ = running.qemu.kill();
        let _ = running.qemu.wait();
    }

    /// What the kernel and every job have complained about last.
    #[must_use]
    pub fn console(&self) -> String {
        let jobs = self.running().jobs;
        let names = (1..=jobs).map(|job| format!("job{job}/stderr")).chain(["console".to_owned()]);
        let last = |name: String| {
            let bytes = fs::read(self.folder().join(&name)).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(1500)..]).into_owned();
            if text.is_empty() { text } else { format!("--- {name}\n{text}\n") }
        };
        names.map(last).collect()
    }

    /// Waits until something has happened that the host can see; `what` is told when it doesn't.
    fn wait(&self, what: &dyn Fn() -> String, limit: Duration, happened: impl Fn() -> bool) {
        if self.becomes(limit, happened) {
            return;
        }
        if let Some(status) = self.stopped() {
            let said = fs::read_to_string(self.folder().join("qemu")).unwrap_or_default();
            panic!("{}: the machine has stopped ({status})\n{said}\n{}", what(), self.console());
        }
        panic!("{}: not within {limit:?}\n{}", what(), self.console());
    }

    /// Waits until something has happened, as long as the machine runs and this limit allows. Returns whether it has.
    fn becomes(&self, limit: Duration, happened: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        while !happened() {
            if self.stopped().is_some() || start.elapsed() > limit {
                return false;
            }
            std::thread::sleep(LOOK);
        }
        true
    }

    /// How it has ended, if it has.
    fn stopped(&self) -> Option<ExitStatus> {
        self.running().qemu.try_wait().expect("a child can be asked")
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.cut();
    }
}

fn qemu(kernel: &Kernel, folder: &Path, options: &Options) -> Command {
    // Ends with the test, however that ends.
    let mut qemu = Command::new("setpriv");
    qemu.args(["--pdeathsig", "KILL", "qemu-system-x86_64", "-cpu", "max"]);
    // By emulation wherever it runs: slow, and the same everywhere.
    qemu.args(["-accel", "tcg,thread=multi"]);
    qemu.args(["-m", &options.memory.to_string(), "-smp", &options.processors.to_string()]);
    qemu.args(["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-net", "none"]);
    qemu.args(["-kernel", text(&kernel.image), "-initrd", text(&kernel.initial)]);
    let words = "console=ttyS0 quiet loglevel=5 panic=-1 mitigations=off no_timer_check random.trust_cpu=on";
    qemu.args(["-append", &format!("{words} folder={} disks={}", text(folder), options.disks.len())]);
    qemu.args(["-serial", &format!("file:{}", text(&folder.join("console")))]);
    qemu.args(["-chardev", "stdio,id=orders,signal=off", "-serial", "chardev:orders"]);
    for (tag, path, more) in [("host", Path::new("/"), ",readonly=on"), ("folder", folder, "")] {
        let share = format!("local,id={tag},path={},security_model=none,multidevs=remap{more}", text(path));
        qemu.args(["-fsdev", &share, "-device", &format!("virtio-9p-pci,fsdev={tag},mount_tag={tag}")]);
    }
    for disk in &options.disks {
        // What the machine flushes is in the host's hands, and stays there when qemu is killed.
        qemu.args(["-drive", &format!("file={},format=raw,if=virtio,cache=writeback", text(&disk.0))]);
    }
    let said = File::create(folder.join("qemu")).expect("a temporary folder can be written");
    qemu.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(said);
    qemu
}

/// Starts it on a thread that lives until the sender is dropped: Linux ends children with the thread that made them.
fn start(mut qemu: Command) -> (Child, Sender<()>) {
    let (hold, held) = channel::<()>();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let _ = tell.send(qemu.spawn());
        let _ = held.recv();
    });
    let started = told.recv().expect("the thread sends before it waits");
    (started.unwrap_or_else(|why| panic!("can't start qemu: {why}")), hold)
}

/// The machine's second program: sets up what programs expect, then runs every script it is told of.
const BOOT_SCRIPT: &str = r#"
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run LC_ALL=C.UTF-8
folder=$1
mount -t sysfs sys /sys
mount -t tmpfs run /run
mkdir /dev/shm /dev/pts
mount -t tmpfs shm /dev/shm
mount -t devpts pts /dev/pts
mount --bind MODULES /lib/modules
busybox ifconfig lo 127.0.0.1 up
disks=$(sed -E 's/.*disks=([0-9]+).*/\1/' /proc/cmdline)
[ "$disks" -eq 0 ] || modprobe -a virtio_blk ext4
disk=0
for device in a b c d e f; do
    [ "$disk" -lt "$disks" ] || break
    mkdir /run/disk$disk
    mount -t ext4 /dev/vd$device /run/disk$disk || exit
    disk=$((disk + 1))
done
# Opened once and for all: what comes while nobody has it open is lost.
exec 3< /dev/ttyS1
stty raw -echo <&3
touch "$folder/booted"
while read -r job; do
    (
        cd "$folder/$job"
        setsid sh -c 'echo $$ > pid; exec sh ./script' > stdout 2> stderr < /dev/null 3<&-
        echo $? > code.new
        mv code.new code
    ) &
done <&3
"#;
