/// How the page of a report looks. Colours stand for states and never alone: beside each is its word.
enum ReportStyle {
    /// A colour by its name in the style, for light and for dark.
    static let palette: [(name: String, light: String, dark: String)] = [
        ("paper", "#f6f7f8", "#14171a"),
        ("card", "#ffffff", "#1c2126"),
        ("ink", "#1b2026", "#e7eaed"),
        ("soft", "#545e69", "#a3adb8"),
        ("line", "#d7dce1", "#363e47"),
        ("link", "#0a56a3", "#82bcff"),
        ("good", "#1a7433", "#56c877"),
        ("bad", "#b3211a", "#ff8d85"),
        ("warn", "#855600", "#e5b94e"),
        ("busy", "#0b62bd", "#6cb0ff"),
        ("rest", "#67727d", "#919ca8"),
    ]

    static var css: String {
        func colours(_ value: (name: String, light: String, dark: String), isDark: Bool) -> String {
            "--\(value.name):\(isDark ? value.dark : value.light);"
        }
        let light = palette.map { colours($0, isDark: false) }.joined()
        let dark = palette.map { colours($0, isDark: true) }.joined()
        return ":root{color-scheme:light dark;\(light)}\n@media(prefers-color-scheme:dark){:root{\(dark)}}\n" + rules
    }

    private static let rules = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;
        font:16px/1.5 system-ui,"Adwaita Sans","Cantarell","Segoe UI","Helvetica Neue",Arial,sans-serif;
        font-variant-numeric:tabular-nums}
        body>*{max-width:76rem;margin:0 auto;padding:0 1.25rem}
        a{color:var(--link);text-underline-offset:.15em}
        a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
        code,pre{font-family:ui-monospace,"Adwaita Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.875em;
        overflow-wrap:anywhere;unicode-bidi:isolate}
        h1,h2,h3{line-height:1.2;margin:0;text-wrap:balance;overflow-wrap:anywhere}
        h1{font-size:clamp(1.35rem,4.5vw,2.1rem);letter-spacing:-.015em;font-weight:680}
        h2{font-size:1.2rem;margin:0 0 .75rem}
        h3{font-size:1rem}
        p{margin:.35rem 0}
        .rehearsal{max-width:none;padding:.6rem 1.25rem;border-bottom:3px dashed var(--warn);color:var(--warn);
        background:var(--card);text-align:center;font-weight:650}
        .top{padding-top:2.25rem}
        .top .kind{color:var(--soft);font-size:.9rem;margin:0 0 .2rem}
        .title{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:center}
        .pill{border:1.5px solid currentColor;border-radius:99px;padding:.1rem .7rem;font-size:.85rem;font-weight:650}
        .good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.busy{color:var(--busy)}
        .rest{color:var(--rest)}.soft{color:var(--soft)}
        .sum{font-size:1.1rem;margin:.5rem 0 0}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1rem 0 0;padding:0}
        section{margin-top:1.75rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem}
        .card+.card{margin-top:.75rem}
        dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr));gap:.8rem 1.5rem;margin:0}
        dt{color:var(--soft);font-size:.85rem}
        dd{margin:0;overflow-wrap:anywhere}
        .failure{border-left:4px solid var(--warn)}
        .failure.required{border-left-color:var(--bad)}
        .failure h3{display:flex;flex-wrap:wrap;gap:.3rem .7rem;align-items:baseline}
        .failure .what{margin:.5rem 0}
        .failure .what b{font-weight:650}
        .failure .told{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
        .links{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.5rem 0 0;padding:0;list-style:none;font-size:.95rem}
        details>summary{cursor:pointer}
        .lanes{list-style:none;margin:.4rem 0 0;padding:0}
        .lane,.marks{display:grid;grid-template-columns:minmax(14rem,24rem) minmax(0,1fr);gap:.25rem 1.25rem;
        align-items:center}
        .lane{padding:.4rem 0;border-top:1px solid var(--line)}
        .lane .name{font-weight:600;overflow-wrap:anywhere;font-size:.925rem}
        .lane .course{color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}
        .track{position:relative;height:1.35rem;background-image:linear-gradient(to right,var(--line) 1px,transparent 1px);
        background-size:var(--step) 100%}
        .bar{position:absolute;top:.15rem;bottom:.15rem;left:var(--from);width:max(3px,var(--long));border-radius:3px;
        background:currentColor}
        .bar.waiting{top:.58rem;bottom:.58rem;color:var(--rest);border-radius:0}
        .bar.bad{background:repeating-linear-gradient(135deg,currentColor 0 5px,
        color-mix(in srgb,currentColor 55%,var(--card)) 5px 8px)}
        .bar.rest:not(.waiting){background:none;border:2px solid currentColor}
        .bar.busy{border-radius:3px 0 0 3px;
        background:linear-gradient(to right,currentColor calc(100% - .8rem),transparent)}
        .marks .scale{position:relative;height:1.3rem;grid-column:2;font-size:.8rem;color:var(--soft)}
        .marks .scale span{position:absolute;left:var(--from);transform:translateX(-50%);white-space:nowrap}
        .marks .scale span:first-child{transform:none}
        .marks .scale span.late{transform:translateX(-100%)}
        .key{display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;color:var(--soft);font-size:.85rem;margin:.6rem 0 0;padding:0;
        list-style:none}
        .arch+.arch{margin-top:1.4rem}
        table{border-collapse:collapse;width:100%;font-size:.925rem}
        caption{text-align:left;color:var(--soft);padding:0 0 .5rem}
        th{text-align:left;font-size:.85rem;color:var(--soft);font-weight:600;white-space:nowrap}
        th,td{padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        tr>:last-child{padding-right:0}
        tbody tr:last-child td{border-bottom:0}
        td{overflow-wrap:anywhere}
        td.arch{min-width:5.2rem}td.type{min-width:6.6rem}
        th.number,td.number{text-align:right;white-space:nowrap}
        td .sub{display:block;color:var(--soft);font-size:.875rem}
        td.number .large{color:var(--warn);font-weight:650}
        ul.plain{margin:.25rem 0 0;padding-left:1.2rem}
        footer{color:var(--soft);font-size:.85rem;padding-top:2rem;padding-bottom:2.5rem}
        @media(max-width:44rem){
        .lane,.marks{grid-template-columns:minmax(0,1fr)}
        .marks .scale{grid-column:1}
        body>*{padding-left:1rem;padding-right:1rem}
        .card{padding:.9rem 1rem}
        .stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .stack,.stack tbody,.stack tr,.stack td,.stack caption{display:block}
        .stack tr{padding:.6rem 0;border-bottom:1px solid var(--line)}
        .stack tbody tr:last-child{border-bottom:0}
        .stack td{border:0;padding:.1rem 0;display:grid;grid-template-columns:6rem minmax(0,1fr);gap:.5rem}
        .stack td.number{text-align:left;white-space:normal}
        .stack td::before{content:attr(data-name);color:var(--soft);font-size:.85rem}
        .stack td:first-child{display:block;padding-bottom:.3rem}
        .stack td:first-child::before{content:none}
        }
        @media print{body{background:none}.card{break-inside:avoid}}
        """
}
