//! `kiosk cameras`, and the process that reads a camera for a running gate.

use clap::Args;

use super::{Context, End};
use crate::frames::camera::LensSetting;
use crate::words::Tell;

#[derive(Debug, Args)]
pub(super) struct Frames {
    #[arg(long)]
    camera: Option<String>,
    #[arg(long, allow_hyphen_values = true)]
    focus: Option<LensSetting>,
    #[arg(long, allow_hyphen_values = true)]
    exposure: Option<LensSetting>,
}

impl Frames {
    #[cfg(target_os = "linux")]
    pub(super) fn run(&self) -> End {
        let lens = crate::frames::camera::Lens { focus: self.focus, exposure: self.exposure };
        let pipe = &mut std::io::stdout().lock();
        crate::frames::camera::capture::serve(self.camera.as_deref(), &lens, pipe);
        End::Failed
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn run(&self) -> End {
        End::Failed
    }
}

#[cfg(target_os = "linux")]
pub(super) fn run(context: &Context) -> anyhow::Result<End> {
    use crate::frames::camera::{controls, device};
    use crate::words::tell;

    let found = device::list();
    if found.is_empty() {
        return context.first(&Tell::NoCamera);
    }
    for camera in found {
        let device = format!("/dev/video{}", camera.number);
        let format = camera.choice.0.first().map(ToString::to_string);
        let choice = Tell::CameraChoice { name: &camera.name, device: &device, format: format.as_deref() };
        println!("{}", tell(&choice, context.lang));
        let (focus, exposure) = controls::knobs(camera.number);
        for (name, knob) in [("focus", focus), ("exposure", exposure)] {
            if knob.is_there() {
                println!("{}", tell(&Tell::CameraKnob { name, knob: &knob }, context.lang));
            }
        }
    }
    Ok(End::Fine)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn run(context: &Context) -> anyhow::Result<End> {
    context.first(&Tell::NoCamera)
}
