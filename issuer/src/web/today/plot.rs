//! Plots as SVG, drawn here. Numbers can be read off the table beside each; nothing is told by colour alone. Knows no passages.

use std::fmt::Write;

/// Passages out and in, in a row of columns.
pub(super) struct Column {
    /// Below the column, where there is room for it.
    pub(super) label: String,
    pub(super) counts: [u64; 2],
}

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 200.0;
/// Room for the numbers at the left, and for the labels below.
const LEFT: f64 = 44.0;
const BELOW: f64 = 26.0;
const ABOVE: f64 = 10.0;

/// Two bars for each column. Labels stand below every so many columns.
pub(super) fn columns(columns: &[Column], label_every: usize) -> String {
    let most = columns.iter().flat_map(|column| column.counts).max().unwrap_or(0);
    let top = nice(most);
    let (width, height) = (WIDTH - LEFT, HEIGHT - BELOW - ABOVE);
    let y = |count: u64| ABOVE + height - height * count as f64 / top as f64;
    let mut svg = begin(HEIGHT);
    for count in [0, top / 2, top] {
        let y = y(count);
        let _ = write!(svg, r#"<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1}" y2="{y:.1}"/>"#);
        let _ = write!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="end">{count}</text>"#,
            LEFT - 6.0,
            y + 5.0
        );
    }
    let step = width / columns.len().max(1) as f64;
    // Two bars, and the rest of the step is between the columns.
    let bar = (step * 0.38).min(22.0);
    for (at, column) in columns.iter().enumerate() {
        let middle = LEFT + step * (at as f64 + 0.5);
        for (count, class, x) in
            [(column.counts[0], "going-out", middle - bar), (column.counts[1], "coming-in", middle)]
        {
            if count > 0 {
                let (top, base) = (y(count), y(0));
                let _ = write!(
                    svg,
                    r#"<rect class="{class}" x="{x:.1}" y="{top:.1}" width="{bar:.1}" height="{:.1}"/>"#,
                    base - top
                );
            }
        }
        if at % label_every.max(1) == 0 {
            let _ = write!(
                svg,
                r#"<text class="tick" x="{middle:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                HEIGHT - 7.0,
                escaped(&column.label)
            );
        }
    }
    svg + "</svg>"
}

/// A bar of several parts.
pub(super) struct Stack {
    pub(super) label: String,
    /// Class and count of each part.
    pub(super) parts: Vec<(&'static str, u64)>,
}

/// A bar for each, below one another, all on one scale.
pub(super) fn stacks(stacks: &[Stack]) -> String {
    const ROW: f64 = 52.0;
    const BAR: f64 = 24.0;
    let total = |stack: &Stack| stack.parts.iter().map(|(_, count)| count).sum::<u64>();
    let most = stacks.iter().map(total).max().unwrap_or(0).max(1);
    let mut svg = begin(ROW * stacks.len() as f64 + 4.0);
    for (at, stack) in stacks.iter().enumerate() {
        let top = ROW * at as f64;
        let total = total(stack);
        let _ = write!(
            svg,
            r#"<text class="name" x="0" y="{:.1}">{}</text><text class="name" x="{WIDTH}" y="{:.1}" text-anchor="end">{total}</text>"#,
            top + 17.0,
            escaped(&stack.label),
            top + 17.0
        );
        let mut x = 0.0;
        for (class, count) in &stack.parts {
            let width = WIDTH * *count as f64 / most as f64;
            if *count > 0 {
                let _ = write!(
                    svg,
                    r#"<rect class="part {class}" x="{x:.1}" y="{:.1}" width="{width:.1}" height="{BAR}"/>"#,
                    top + 24.0
                );
                let number = count.to_string();
                // Where it fits: a figure is about nine units wide.
                if width > 9.0 * number.len() as f64 + 10.0 {
                    let _ = write!(
                        svg,
                        r#"<text class="of {class}" x="{:.1}" y="{:.1}" text-anchor="middle">{number}</text>"#,
                        x + width / 2.0,
                        top + 24.0 + 17.0
                    );
                }
            }
            x += width;
        }
    }
    svg + "</svg>"
}

/// What is drawn is told by the table beside it.
fn begin(height: f64) -> String {
    format!(r#"<svg class="plot" viewBox="0 0 {WIDTH} {height}" aria-hidden="true" focusable="false">"#)
}

/// The least even number of the form 2, 4, 10, 20, 40, 100, … that is not below it.
fn nice(most: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for times in [2, 4, 10] {
            let top = unit.saturating_mul(times);
            if top >= most {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_plain_numbers() {
        let tops = [0, 1, 2, 3, 4, 5, 10, 11, 39, 41, 101, 999].map(nice);
        assert_eq!(tops, [2, 2, 2, 4, 4, 10, 10, 20, 40, 100, 200, 1000]);
        assert_eq!(nice(u64::MAX), u64::MAX);
    }

    #[test]
    fn every_number_is_drawn() {
        let column = |label: &str, counts| Column { label: label.to_owned(), counts };
        let svg = columns(&[column("7", [4, 0]), column("8", [2, 1])], 1);
        assert_eq!(svg.matches("going-out").count(), 2);
        assert_eq!(svg.matches("coming-in").count(), 1);
        // As high as the scale, half as high, a quarter as high.
        for height in ["164.0", "82.0", "41.0"] {
            assert!(svg.contains(&format!("height=\"{height}\"")), "{svg}");
        }
        assert!(columns(&[], 0).ends_with("</svg>"));
        let stack = Stack { label: "<东门>".to_owned(), parts: vec![("green", 30), ("red", 10)] };
        let svg = stacks(&[stack, Stack { label: String::new(), parts: vec![] }]);
        assert!(svg.contains("&lt;东门&gt;") && svg.contains(">40</text>"), "{svg}");
        assert!(svg.contains("width=\"360.0\"") && svg.contains("x=\"360.0\""), "{svg}");
    }
}
