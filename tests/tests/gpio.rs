//! The barrier and the sensor of the bar on a real GPIO chip, as far as a kernel can simulate one: opened by an admission, closed
//! after its time and when the gate is killed, and somebody who goes through is logged.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::time::Duration;

use end_to_end::gate::Gate;
use end_to_end::machine::{Job, Machine, Options};
use end_to_end::office::{Office, roster};
use end_to_end::programs::program;
use serde_json::Value;

const LONG: Duration = Duration::from_secs(240);

/// A chip with four lines, and where their values can be seen and their wires be pulled.
const CHIP: &str = r"
modprobe -a uinput evdev configfs gpio-simulator
mountpoint -q /sys/kernel/config || mount -t configfs config /sys/kernel/config
mkdir -p /sys/kernel/config/gpio-sim/gate/bank
cd /sys/kernel/config/gpio-sim/gate
echo 4 > bank/num_lines
echo 1 > live
ln -s /dev/$(cat bank/chip_name) /run/chip
ln -s /sys/devices/platform/$(cat dev_name)/$(cat bank/chip_name) /run/lines
";

/// Waits until the barrier's line has this value.
fn line_is(machine: &Machine, value: u8) {
    machine.run(&format!("until [ $(cat /run/lines/sim_gpio0/value) = {value} ]; do sleep 0.05; done"));
}

fn events(kiosk: &Job<'_>, kind: &str) -> Vec<Value> {
    let all = kiosk.stdout();
    let events = all.lines().filter_map(|line| serde_json::from_str(line).ok());
    events.filter(|event: &Value| event["kind"] == kind).collect()
}

#[test]
fn the_barrier_and_the_sensor_work_on_a_gpio_chip() {
    let office = Office::with_roster(&roster(4));
    let gate = Gate::of(&office);
    let passes = office.passes();
    let green = passes.iter().find(|pass| pass["colour"] == "green").expect("there are green passes");
    let green = green["text"].as_str().expect("a pass has a text");
    let machine = Machine::boot(&Options::default());
    machine.run(CHIP);
    let (kiosk, typist) = (program("kiosk"), program("typist"));
    machine.run(&format!("cp -r '{}' /run/data", gate.path("data").display()));
    let gate = |seconds: u32| {
        let tables = format!(
            "[barrier]\nkind = \"gpio\"\nchip = \"/run/chip\"\nline = 0\nopen_seconds = {seconds}\nlate_seconds = 3600\n\
             [sensor]\nkind = \"gpio\"\nchip = \"/run/chip\"\nline = 1\n\
             [switch]\nkind = \"gpio\"\nchip = \"/run/chip\"\nline = 2\n"
        );
        machine.run(&format!("cat > /run/data/kiosk.toml <<'END'\n{tables}END\n"));
        let run = "run --data /run/data --direction switch --same-card 3600 --scanner auto";
        machine.start(&format!("exec {} {run}", kiosk.display()))
    };

    let first = gate(1);
    let hand = machine.start(&format!("exec {} 'Test Barcode Scanner' '{green}'", typist.display()));
    first.wait_for("an admission", LONG, |job| events(job, "judged").len() == 1);
    let judged = &events(&first, "judged")[0];
    assert_eq!((&judged["verdict"], &judged["direction"]), (&Value::from("admit"), &Value::from("out")));
    line_is(&machine, 0);
    hand.signal("KILL");
    machine.run("echo pull-up > /run/lines/sim_gpio1/pull");
    first.wait_for("a passage", LONG, |job| events(job, "passed").len() == 1);
    first.signal("TERM");
    assert_eq!(first.wait(LONG).code, 0);

    // The switch is turned: people come in now.
    machine.run("echo pull-up > /run/lines/sim_gpio2/pull");
    // Open for an hour, were it not killed.
    let second = gate(3600);
    machine.run("until [ \"$(cat /run/data/direction)\" = in ]; do sleep 0.05; done");
    let _hand = machine.start(&format!("exec {} 'Test Barcode Scanner' '{green}'", typist.display()));
    second.wait_for("an admission", LONG, |job| events(job, "judged").len() == 1);
    assert_eq!(events(&second, "judged")[0]["direction"], "in");
    line_is(&machine, 1);
    second.signal("KILL");
    line_is(&machine, 0);
}
