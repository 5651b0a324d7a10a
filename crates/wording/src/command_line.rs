//! What both programs say about how a command is typed: the frame of `--help`, and what was typed wrong. clap speaks English alone.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use crate::Language;

/// The words of one program's commands and options.
pub trait Words {
    /// What a command is for, by what is typed for it: `log verify`. None of one that nobody types.
    fn about(&self, path: &str) -> Option<&'static str>;
    /// What an option or argument of a command is for, by its name in the program.
    fn argument(&self, path: &str, id: &str) -> Option<&'static str>;
}

/// Puts the words of a language into the help of a program and of all its commands. The program leaves both of clap's own help and
/// version flags out (`disable_help_flag`, `disable_version_flag`, `disable_help_subcommand`).
#[must_use]
pub fn in_words(program: Command, words: &dyn Words, lang: Language) -> Command {
    let flag = |id, short, action| Arg::new(id).long(id).short(short).action(action).display_order(1000);
    let help = flag("help", 'h', ArgAction::Help).help(lang.choose("显示本说明", "Print help")).global(true);
    let version = flag("version", 'V', ArgAction::Version).help(lang.choose("显示版本", "Print version"));
    explained(program.arg(help).arg(version), "", words, lang)
}

/// The same for a command and those below it; `path` is what is typed to get there.
fn explained(command: Command, path: &str, words: &dyn Words, lang: Language) -> Command {
    let usage = lang.choose("用法：", "Usage: ");
    let command = match words.about(path) {
        Some(about) => command.about(about),
        None => command,
    };
    let (arguments, options) = (lang.choose("参数", "Arguments"), lang.choose("选项", "Options"));
    let command = command
        .help_template(format!("{{about}}\n\n{usage}{{usage}}\n\n{{all-args}}"))
        .subcommand_help_heading(lang.choose("命令", "Commands"))
        .subcommand_value_name(lang.choose("命令", "COMMAND"))
        .mut_args(|argument| {
            let heading = if argument.is_positional() { arguments } else { options };
            let argument = argument.help_heading(heading);
            match words.argument(path, argument.get_id().as_str()) {
                Some(help) => with_tags(argument, help, lang),
                None => argument,
            }
        });
    command.mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        explained(sub, path.trim_start(), words, lang)
    })
}

/// What an option is for, with what it may be, what it is when left out, and the variable that it is taken from.
fn with_tags(argument: Arg, help: &str, lang: Language) -> Arg {
    let mut text = help.to_owned();
    let mut tag = |zh: &str, en: &str, value: &str| {
        text += &lang.choose(format!(" [{zh}：{value}]"), format!(" [{en}: {value}]"));
    };
    // A switch is on or off: nothing to choose from, and nothing that it is when left out.
    let takes_value = argument.get_action().takes_values();
    if takes_value {
        let all = argument.get_possible_values();
        let names: Vec<&str> = all
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(clap::builder::PossibleValue::get_name)
            .collect();
        if !names.is_empty() {
            tag("可选", "one of", &names.join(lang.choose("、", ", ")));
        }
        let defaults: Vec<_> =
            argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if !defaults.is_empty() && !argument.is_hide_default_value_set() {
            tag("默认", "default", &defaults.join(" "));
        }
    }
    if let Some(variable) = argument.get_env() {
        tag("环境变量", "env", &variable.to_string_lossy());
    }
    let argument = argument.help(text);
    match takes_value {
        true => argument.hide_possible_values(true).hide_default_value(true).hide_env(true),
        false => argument.hide_env(true),
    }
}

/// Says what was typed wrong and ends the process, or shows the help that was asked for.
pub fn end(error: &Error, lang: Language) -> ! {
    match mistake(error, lang) {
        Some(text) => {
            eprint!("{text}");
            std::process::exit(error.exit_code())
        }
        None => error.exit(),
    }
}

/// What was typed wrong, what would be right, and where to look; none where clap's own words will do: help, and English.
#[must_use]
pub fn mistake(error: &Error, lang: Language) -> Option<String> {
    let asked_for = [
        ErrorKind::DisplayHelp,
        ErrorKind::DisplayVersion,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
    ];
    if lang == Language::En || asked_for.contains(&error.kind()) {
        return None;
    }
    let told = |kind| error.get(kind).map(text).unwrap_or_default();
    let (argument, value) = (told(ContextKind::InvalidArg), told(ContextKind::InvalidValue));
    let mut said = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令。", told(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "还缺一个命令。".to_owned(),
        ErrorKind::UnknownArgument => format!("没有“{argument}”这个选项或参数。"),
        ErrorKind::MissingRequiredArgument => format!("还缺：{argument}。"),
        ErrorKind::ArgumentConflict => {
            format!("“{argument}”不能和“{}”一起用，或写了两次。", told(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("“{argument}”后面要写一个值。"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("“{argument}”不能是“{value}”。")
        }
        ErrorKind::TooManyValues => format!("“{argument}”后面多写了“{value}”。"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("“{argument}”后面的值数目不对。")
        }
        ErrorKind::InvalidUtf8 => "有的字不是 UTF-8 编码。".to_owned(),
        _ => error.to_string(),
    };
    for (kind, before) in [
        (ContextKind::ValidValue, "可选："),
        (ContextKind::ValidSubcommand, "可选："),
        (ContextKind::SuggestedSubcommand, "是不是："),
        (ContextKind::SuggestedArg, "是不是："),
        (ContextKind::SuggestedValue, "是不是："),
    ] {
        let known = told(kind);
        if !known.is_empty() {
            said += &format!("{before}{known}。");
        }
    }
    let usage = error.get(ContextKind::Usage).map(text).unwrap_or_default();
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    if !usage.is_empty() {
        said += &format!("\n\n用法：{usage}");
    }
    Some(said + "\n\n加上 --help 可看说明。\n")
}

/// A piece of what clap knows of a mistake.
fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::Bool(value) => value.to_string(),
        ContextValue::String(value) => value.clone(),
        ContextValue::Strings(values) => values.join("、"),
        ContextValue::StyledStr(value) => value.to_string(),
        ContextValue::StyledStrs(values) => {
            values.iter().map(StyledStr::to_string).collect::<Vec<_>>().join("、")
        }
        ContextValue::Number(value) => value.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Words for Nothing {
        fn about(&self, _: &str) -> Option<&'static str> {
            Some("说明")
        }

        fn argument(&self, _: &str, id: &str) -> Option<&'static str> {
            (id == "colour").then_some("颜色")
        }
    }

    fn program(lang: Language) -> Command {
        let colour = Arg::new("colour").long("colour").required(true).value_parser(["red", "green"]);
        let days = Arg::new("days").long("days").value_parser(clap::value_parser!(u8));
        let program = Command::new("issuer")
            .disable_help_flag(true)
            .disable_version_flag(true)
            .disable_help_subcommand(true)
            .version("1")
            .subcommand_required(true)
            .subcommand(Command::new("import").arg(colour.env("SANSE_COLOUR")).arg(days));
        in_words(program, &Nothing, lang)
    }

    #[test]
    fn what_was_typed_wrong_in_chinese() {
        for (typed, told) in [
            ("imprt", "没有“imprt”这个命令。是不是：import。"),
            ("", "还缺一个命令。可选：import。"),
            ("import", "还缺：--colour <colour>。"),
            ("import --colour", "“--colour <colour>”后面要写一个值。可选：red、green。"),
            ("import --colour blue", "“--colour <colour>”不能是“blue”。可选：red、green。"),
            ("import --colour red --days 300", "“--days <days>”不能是“300”。"),
            ("import --colour red --dais 3", "没有“--dais”这个选项或参数。是不是：--days。"),
            (
                "import --colour red --colour red",
                "“--colour <colour>”不能和“--colour <colour>”一起用，或写了两次。",
            ),
        ] {
            let typed = ["issuer"].into_iter().chain(typed.split(' ').filter(|word| !word.is_empty()));
            let error = program(Language::Zh).try_get_matches_from(typed.clone()).unwrap_err();
            let said = mistake(&error, Language::Zh).unwrap();
            assert!(said.starts_with(told), "{told}\n{said}");
            assert!(said.ends_with("加上 --help 可看说明。\n") && !said.contains("Usage"), "{said}");
            assert_eq!(mistake(&error, Language::En), None, "clap speaks English");
        }
        let help = program(Language::Zh).try_get_matches_from(["issuer", "import", "--help"]).unwrap_err();
        assert_eq!(mistake(&help, Language::Zh), None);
        let help = help.to_string();
        for part in
            ["用法：issuer import", "选项", "颜色 [可选：red、green] [环境变量：SANSE_COLOUR]", "显示本说明"]
        {
            assert!(help.contains(part), "{part}\n{help}");
        }
    }
}
