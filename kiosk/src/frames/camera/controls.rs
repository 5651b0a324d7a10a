//! Focus and exposure as V4L2 has them: two controls each, one that leaves it to the camera and one that sets it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use v4l::Device;
use v4l::control::{Control, Description, Flags, MenuItem, Value};
use v4l::v4l_sys::{
    V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CID_EXPOSURE_AUTO, V4L2_CID_FOCUS_ABSOLUTE, V4L2_CID_FOCUS_AUTO,
};

use super::lens::{Knob, Lens, LensSetting, Range};

/// Values of V4L2_CID_EXPOSURE_AUTO, of which a driver has some (linux/v4l2-controls.h).
const EXPOSURE_AUTO: i64 = 0;
const EXPOSURE_MANUAL: i64 = 1;
const EXPOSURE_APERTURE_PRIORITY: i64 = 3;

/// What the lens of /dev/videoN can be asked for: its focus and its exposure.
#[must_use]
pub fn knobs(number: u32) -> (Knob, Knob) {
    let Ok(device) = Device::new(number as usize) else { return Default::default() };
    let all = descriptions(&device);
    let knob = |name| Part::of(&all, name).knob(&device);
    (knob(Name::Focus), knob(Name::Exposure))
}

/// Sets the lens of /dev/videoN. A camera that has no such setting is used as it is; that is said in the log.
///
/// # Errors
/// Which number the driver refuses, and what it takes.
pub(super) fn apply(number: u32, lens: &Lens) -> Result<(), String> {
    if *lens == Lens::default() {
        return Ok(());
    }
    let device = Device::new(number as usize).map_err(|why| why.to_string())?;
    let all = descriptions(&device);
    for (name, setting) in [(Name::Focus, lens.focus), (Name::Exposure, lens.exposure)] {
        let Some(setting) = setting else { continue };
        let part = Part::of(&all, name);
        let knob = part.knob(&device);
        let word = name.word();
        if !knob.is_there() {
            tracing::warn!("{word} = {setting}: this camera has no such setting");
            continue;
        }
        knob.takes(setting).map_err(|takes| format!("{word} = {setting}: this camera {takes}"))?;
        part.set(&device, setting).map_err(|why| format!("{word} = {setting}: {why}"))?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Name {
    Focus,
    Exposure,
}

impl Name {
    /// As the settings have it.
    fn word(self) -> &'static str {
        match self {
            Self::Focus => "focus",
            Self::Exposure => "exposure",
        }
    }
}

/// The controls of one of them.
struct Part {
    /// Which, and its values for automatic and for manual.
    auto: Option<(u32, i64, i64)>,
    absolute: Option<(u32, Range)>,
}

impl Part {
    fn of(all: &[Description], name: Name) -> Self {
        let (auto, absolute) = match name {
            Name::Focus => (V4L2_CID_FOCUS_AUTO, V4L2_CID_FOCUS_ABSOLUTE),
            Name::Exposure => (V4L2_CID_EXPOSURE_AUTO, V4L2_CID_EXPOSURE_ABSOLUTE),
        };
        let find =
            |id| all.iter().find(|control| control.id == id && !control.flags.contains(Flags::DISABLED));
        let auto = find(auto).and_then(|control| match name {
            Name::Focus => Some((auto, 1, 0)),
            Name::Exposure => {
                let has = |value: &i64| items(control).any(|item| item == *value);
                let by_itself = [EXPOSURE_APERTURE_PRIORITY, EXPOSURE_AUTO].into_iter().find(has)?;
                Some((auto, by_itself, EXPOSURE_MANUAL))
            }
        });
        let range =
            |control: &Description| Range { min: control.minimum, max: control.maximum, step: control.step };
        Self { auto, absolute: find(absolute).map(|control| (absolute, range(control))) }
    }

    fn knob(&self, device: &Device) -> Knob {
        let value = |id| match device.control(id).ok()?.value {
            Value::Integer(number) => Some(number),
            Value::Boolean(is_on) => Some(is_on.into()),
            _ => None,
        };
        let is_auto = self.auto.is_some_and(|(id, by_itself, _)| value(id) == Some(by_itself));
        let fixed = self.absolute.and_then(|(id, _)| i32::try_from(value(id)?).ok()).map(LensSetting::Fixed);
        Knob {
            has_auto: self.auto.is_some(),
            range: self.absolute.map(|(_, range)| range),
            now: if is_auto { Some(LensSetting::Auto) } else { fixed },
        }
    }

    fn set(&self, device: &Device, setting: LensSetting) -> io::Result<()> {
        let set = |id, value| device.set_control(Control { id, value: Value::Integer(value) });
        if let Some((id, by_itself, by_hand)) = self.auto {
            set(id, if setting == LensSetting::Auto { by_itself } else { by_hand })?;
        }
        if let (Some((id, _)), LensSetting::Fixed(number)) = (self.absolute, setting) {
            set(id, number.into())?;
        }
        Ok(())
    }
}

/// The values of a menu that the driver has.
fn items(control: &Description) -> impl Iterator<Item = i64> {
    let items: &[(u32, MenuItem)] = control.items.as_deref().unwrap_or_default();
    items.iter().map(|(value, _)| i64::from(*value))
}

/// All controls of a device; none when the v4l crate can't read them, which panics on kinds that it doesn't know.
fn descriptions(device: &Device) -> Vec<Description> {
    let found = catch_unwind(AssertUnwindSafe(|| device.query_controls()));
    found.ok().and_then(Result::ok).unwrap_or_default()
}
