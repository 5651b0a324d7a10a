//! Words of the page on which an invitation is typed.

use super::Language;

/// What stands there.
#[derive(Clone, Copy, Debug)]
pub struct EnrolWords {
    /// Title.
    pub title: &'static str,
    /// What to do.
    pub how: &'static str,
    /// The field for the office's address.
    pub address: &'static str,
    /// The field for the code.
    pub code: &'static str,
    /// The button.
    pub send: &'static str,
    /// The way back to the screen.
    pub back: &'static str,
    /// While the office is asked.
    pub waiting: &'static str,
    /// It went well.
    pub done: &'static str,
    /// The gate takes no invitation.
    pub closed: &'static str,
    /// The page is of before a restart.
    pub again: &'static str,
    /// That is no code.
    pub form: &'static str,
    /// A symbol is wrong.
    pub mistyped: &'static str,
}

/// The words.
#[must_use]
pub fn enrol(lang: Language) -> EnrolWords {
    lang.choose(
        EnrolWords {
            title: "登记本卡点",
            how: "社区在“卡点”页面邀请本卡点后，会显示地址和邀请码。摄像头能用时，把邀请二维码举到镜头前即可，不必输入。",
            address: "社区地址",
            code: "邀请码（18 位，不分大小写）",
            send: "登记",
            back: "返回卡点屏幕",
            waiting: "正在连接社区……",
            done: "登记成功，卡点可以使用了。",
            closed: "本机已经登记过，不再接受邀请。要改登记到别处，请管理员运行 kiosk enrol --replace。",
            again: "页面已过时，请刷新后再试。",
            form: "这不是邀请码。请照社区页面逐位输入 18 位，地址也要照写。",
            mistyped: "邀请码有一位输错了，请核对。",
        },
        EnrolWords {
            title: "Enrol this gate",
            how: "The office invites this gate on its page of gates, and is shown an address and a code. With a working camera, hold the \
                  invitation's code up to it: nothing needs to be typed.",
            address: "The office's address",
            code: "The code (18 symbols, capital or small)",
            send: "Enrol",
            back: "Back to the gate's screen",
            waiting: "Asking the office …",
            done: "Enrolled: the gate can be used.",
            closed: "This gate is enrolled already and takes no invitation. To move it, whoever maintains it runs kiosk enrol --replace.",
            again: "This page is out of date: load it again.",
            form: "This is no invitation's code: type its 18 symbols as the office's page shows them, and the address as well.",
            mistyped: "One symbol of the code is wrong: please check.",
        },
    )
}
