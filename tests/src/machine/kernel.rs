//! What a machine boots: Debian's kernel, the modules that tests use, and an initial file system that mounts the host's.
//!
//! Nothing of it is installed on the host. The kernel comes as a package from the mirrors that the host uses, in the version
//! whose headers are installed (`linux-headers-amd64`), and is unpacked below cargo's target folder, once for each version.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::office::text;
use crate::programs::run;

/// Parts of the kernel that tests may load; the rest (network cards, graphics, sound) is most of its 400 MB.
const MODULES: [&str; 11] = [
    "crypto",
    "drivers/block",
    "drivers/char",
    "drivers/gpio",
    "drivers/input",
    "drivers/media",
    "drivers/tty",
    "drivers/virtio",
    "drivers/watchdog",
    "fs",
    "lib",
];
/// What it takes to reach the host's files: with what they need, these are all that the initial file system holds.
const EARLY: [&str; 3] = ["virtio_pci", "9pnet_virtio", "9p"];
/// What changes in how all of this is made; a folder made otherwise is not used.
const EDITION: &str = "3";

/// A kernel with its modules, ready to boot.
#[derive(Debug)]
pub(super) struct Kernel {
    pub(super) image: PathBuf,
    pub(super) initial: PathBuf,
    /// The folder of modules, to stand at `/lib/modules` in the machine.
    pub(super) modules: PathBuf,
}

impl Kernel {
    /// The kernel, fetched and built when it isn't there yet.
    ///
    /// # Panics
    /// When it can't be had; with what to do.
    pub(super) fn ready() -> &'static Self {
        static KERNEL: OnceLock<Kernel> = OnceLock::new();
        KERNEL.get_or_init(|| {
            let version = version();
            let test = std::env::current_exe().expect("a running test knows its own path");
            let target =
                test.ancestors().nth(3).expect("cargo puts tests three folders below its target folder");
            let machines = target.join("machine");
            let folder = machines.join(format!("{version}-{EDITION}"));
            fs::create_dir_all(&machines).expect("the target folder can be written");
            // Tests run at once, in several processes: the first one makes it, the others wait.
            let lock = File::create(machines.join("lock")).expect("the target folder can be written");
            lock.lock().expect("the file system can lock files");
            let ready = folder.join("ready");
            if !ready.exists() {
                eprintln!("Making a machine with Linux {version} in {} …", folder.display());
                make(&version, &folder);
                fs::write(&ready, "").expect("the target folder can be written");
            }
            Self {
                image: folder.join(format!("boot/vmlinuz-{version}")),
                initial: folder.join("initial.cpio"),
                modules: folder.join("lib/modules"),
            }
        })
    }
}

/// The newest version whose headers are installed.
fn version() -> String {
    for program in ["qemu-system-x86_64", "busybox", "cpio", "depmod", "make", "apt-get"] {
        let known = std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path)
                .chain(["/usr/sbin".into(), "/sbin".into()])
                .any(|f| f.join(program).exists())
        });
        assert!(
            known,
            "{program} is missing: `cargo xtask test` installs what the tests with a virtual machine need"
        );
    }
    let number =
        |name: &str| -> Vec<u32> { name.split(['.', '-']).filter_map(|part| part.parse().ok()).collect() };
    let folders = fs::read_dir("/usr/src").into_iter().flatten().flatten();
    let names = folders.filter_map(|folder| folder.file_name().into_string().ok());
    let versions = names.filter_map(|name| Some(name.strip_prefix("linux-headers-")?.to_owned()));
    versions.filter(|version| version.ends_with("-amd64")).max_by_key(|version| number(version)).expect(
        "no kernel headers for amd64 in /usr/src: `cargo xtask test` installs linux-headers-amd64, by which the \
         tests with a virtual machine build its drivers",
    )
}

fn make(version: &str, folder: &Path) {
    // What an interrupted run left behind is no kernel.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("the target folder can be written");
    let image = download(&format!("linux-image-{version}"), folder);
    let modules = format!("./lib/modules/{version}");
    let mut wanted = vec![
        format!("./boot/vmlinuz-{version}"),
        format!("{modules}/modules.*"),
        format!("{modules}/kernel/net/9p/*"),
    ];
    wanted.extend(MODULES.map(|part| format!("{modules}/kernel/{part}/*")));
    let unpack = "file=$1; folder=$2; shift 2; dpkg-deb --fsys-tarfile \"$file\" | tar -x -C \"$folder\" --wildcards \"$@\"";
    let _ = run(Command::new("sh").args(["-e", "-c", unpack, "sh", text(&image), text(folder)]).args(wanted));
    fs::remove_file(image).expect("the target folder can be written");
    build_loopback(version, folder);
    build_gpio(version, folder);
    let _ = run(Command::new("/sbin/depmod").args(["-b", text(folder), version]));
    pack(version, folder);
}

/// Downloads a package into this folder.
fn download(package: &str, folder: &Path) -> PathBuf {
    let output = Command::new("apt-get").args(["download", "--quiet", package]).current_dir(folder).output();
    let output = output.unwrap_or_else(|why| panic!("can't start apt-get: {why}"));
    assert!(
        output.status.success(),
        "apt-get can't download {package}. Without its package lists, or when they are old, `apt-get update` helps; when the \
         package is gone from the mirror, install linux-headers-amd64 again, whose version it follows.\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let files = fs::read_dir(folder).expect("it was just made").flatten().map(|file| file.path());
    let mut packages = files.filter(|path| path.extension().is_some_and(|end| end == "deb"));
    packages.next().expect("apt-get has put the package there")
}

/// Builds v4l2loopback, by which a program can be a camera, for this kernel.
fn build_loopback(version: &str, folder: &Path) {
    let package = download("v4l2loopback-dkms", folder);
    let source = folder.join("loopback");
    let _ = run(Command::new("dpkg-deb").args(["-x", text(&package), text(&source)]));
    fs::remove_file(package).expect("the target folder can be written");
    let mut folders = fs::read_dir(source.join("usr/src")).expect("the package holds sources").flatten();
    let source = folders.next().expect("the package holds sources").path();
    let code = source.join("v4l2loopback.c");
    let mut written = fs::read_to_string(&code).expect("the package holds its source");
    for (place, more) in [(CONTROLS, LENS), (WRITE, WRITER)] {
        assert!(written.contains(place), "this v4l2loopback is written in another way: {place}");
        written = written.replace(place, &format!("{place}{more}"));
    }
    fs::write(&code, written).expect("the target folder can be written");
    let headers = format!("/usr/src/linux-headers-{version}");
    let _ = run(Command::new("make").args(["-C", &headers, &format!("M={}", text(&source)), "modules"]));
    add_module(version, folder, &source.join("v4l2loopback.ko"));
}

/// Builds gpio-sim, by which a kernel has GPIO lines without a chip. Debian's kernel has neither it nor the interrupts that it
/// simulates, which are therefore linked into it; one of their lines names what modules may not use, and another does
/// the same.
fn build_gpio(version: &str, folder: &Path) {
    // linux-headers-6.1.0-9-amd64 belongs to linux-source-6.1.
    let series: Vec<&str> = version.split('.').take(2).collect();
    let package = download(&format!("linux-source-{}", series.join(".")), folder);
    let source = folder.join("gpio");
    fs::create_dir_all(&source).expect("the target folder can be written");
    // Of a gigabyte, three files are written. Whoever unpacks stops when it has them.
    let unpack = "dpkg-deb --fsys-tarfile \"$1\" | tar -xO --wildcards '*/linux-source-*.tar.xz' | xz -dc \
        | tar -x -C \"$2\" --wildcards --occurrence=1 --transform 's,.*/,,' \
            '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' '*/kernel/irq/irq_sim.c'";
    let _ = run(Command::new("sh").args(["-c", unpack, "sh", text(&package), text(&source)]));
    fs::remove_file(package).expect("the target folder can be written");
    let interrupts = source.join("irq_sim.c");
    let code = fs::read_to_string(&interrupts).expect("the kernel's source holds it");
    let code = code.replace("handle_simple_irq(irq_to_desc(irqnum))", "generic_handle_irq(irqnum)");
    fs::write(interrupts, code).expect("the target folder can be written");
    let parts = "obj-m := gpio-simulator.o\ngpio-simulator-y := gpio-sim.o irq_sim.o\n";
    fs::write(source.join("Makefile"), parts).expect("the target folder can be written");
    let headers = format!("/usr/src/linux-headers-{version}");
    let _ = run(Command::new("make").args(["-C", &headers, &format!("M={}", text(&source)), "modules"]));
    add_module(version, folder, &source.join("gpio-simulator.ko"));
}

/// Puts a module that was built where the machine finds it.
fn add_module(version: &str, folder: &Path, module: &Path) {
    let updates = folder.join("lib/modules").join(version).join("updates");
    fs::create_dir_all(&updates).expect("the target folder can be written");
    let name = module.file_name().expect("a module has a name");
    fs::copy(module, updates.join(name)).expect("it was just built");
}

/// After this v4l2loopback gets a lens.
const CONTROLS: &str = "v4l2_ctrl_new_custom(hdl, &v4l2loopback_ctrl_timeoutimageio, NULL);\n";
/// After this whoever writes is remembered as the writer: it takes another one afterwards.
const WRITE: &str = "/* there's at least one writer, so don'stop announcing output capabilities */\n";
const WRITER: &str = "    fh_to_opener(file->private_data)->type = WRITER;\n";
/// A lens for v4l2loopback: focus and exposure as a webcam has them, kept by the kernel, without a motor.
const LENS: &str = "
    v4l2_ctrl_new_std(hdl, NULL, V4L2_CID_FOCUS_AUTO, 0, 1, 1, 1);
    v4l2_ctrl_new_std(hdl, NULL, V4L2_CID_FOCUS_ABSOLUTE, 0, 250, 5, 0);
    v4l2_ctrl_new_std_menu(hdl, NULL, V4L2_CID_EXPOSURE_AUTO, V4L2_EXPOSURE_APERTURE_PRIORITY, 0x5,
                           V4L2_EXPOSURE_APERTURE_PRIORITY);
    v4l2_ctrl_new_std(hdl, NULL, V4L2_CID_EXPOSURE_ABSOLUTE, 3, 2047, 1, 250);
";

/// Packs the initial file system: busybox, the early modules in the order in which they can be loaded, and [`INIT`].
fn pack(version: &str, folder: &Path) {
    let root = folder.join("initial");
    let made = ["bin", "dev", "modules", "proc", "root"]
        .iter()
        .try_for_each(|name| fs::create_dir_all(root.join(name)));
    made.expect("the target folder can be written");
    let modules = folder.join("lib/modules").join(version);
    let needs = fs::read_to_string(modules.join("modules.dep")).expect("depmod has written it");
    let mut load = String::new();
    for name in EARLY {
        let mut lines = needs.lines().filter_map(|line| line.split_once(':'));
        let (module, needed) = lines
            .find(|(module, _)| module.ends_with(&format!("/{name}.ko")))
            .unwrap_or_else(|| panic!("Debian's kernel has no module {name}.ko"));
        // What is needed stands with the first to be loaded last.
        for path in needed.split_whitespace().rev().chain([module]) {
            let file = path.rsplit('/').next().unwrap_or(path);
            if !load.contains(&format!("/{file}\n")) {
                fs::copy(modules.join(path), root.join("modules").join(file)).expect("depmod has seen it");
                load += &format!("insmod /modules/{file}\n");
            }
        }
    }
    fs::copy("/bin/busybox", root.join("bin/busybox")).expect("busybox-static is installed");
    fs::write(root.join("init"), INIT.replace("LOAD\n", &load)).expect("the target folder can be written");
    let pack = "chmod 755 init bin/busybox; find . | cpio --quiet -o -H newc > ../initial.cpio";
    let _ = run(Command::new("sh").args(["-e", "-c", pack]).current_dir(&root));
}

/// The first program: mounts the host's root for reading and the machine's own folder for writing, at the path it has on the
/// host, and goes on with the script `boot` in there.
const INIT: &str = r#"#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
LOAD
for word in $(cat /proc/cmdline); do
    case $word in folder=*) folder=${word#folder=};; esac
done
# Loose caching: what programs are made of doesn't change while a machine runs. What the host and it tell each other does.
mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose host /root || exit
mount -t 9p -o rw,trans=virtio,version=9p2000.L,msize=512000,cache=none folder "/root$folder" || exit
mount -o move /dev /root/dev
mount -o move /proc /root/proc
exec switch_root /root /bin/sh "$folder/boot" "$folder"
"#;
