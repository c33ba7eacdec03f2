using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Site;

/// <summary>How the report looks: as the other pages do, with what only it has.</summary>
internal static class SiteStyle
{
    public const string Text = PageStyle.Text +
        """

        :root{--champion:#c45a00;--link:#1f5c99}
        @media(prefers-color-scheme:dark){:root{--champion:#ffa24d;--link:#8cbcf0}}
        html{scroll-padding-top:12px}a{color:var(--link)}a:hover{text-decoration-thickness:2px}
        :focus-visible{outline:3px solid var(--now);outline-offset:2px;border-radius:2px}main:focus{outline:none}
        .skip{position:absolute;left:12px;top:-60px;background:var(--card);padding:8px 14px;border:2px solid var(--now);
        border-radius:6px;z-index:2}.skip:focus{top:8px}
        nav{max-width:1180px;margin:0 auto;padding:14px 20px 0;display:flex;flex-wrap:wrap;gap:6px 18px;
        align-items:baseline}nav b{margin-right:6px}nav a[aria-current]{color:var(--ink);font-weight:600;
        text-decoration:none}nav label{margin-left:auto;color:var(--soft);font-size:13px}
        nav input{font:inherit;padding:3px 8px;border:1px solid var(--soft);border-radius:5px;background:var(--card);
        color:var(--ink);max-width:100%}nav output{color:var(--soft);font-size:13px;min-width:6em}
        main{padding-top:18px}
        footer{max-width:1180px;margin:0 auto;padding:0 20px 32px;color:var(--soft);font-size:13px}
        main>h1{margin-bottom:14px}header h1{margin-bottom:4px}header p{margin:2px 0}
        header.early{border-color:var(--early);background:var(--card)}
        header.warn{border-color:var(--warn);background:var(--warnwash)}
        header .figures{margin-top:12px}.big{font-size:19px;font-weight:600;margin:4px 0}header p.big{color:var(--ink)}
        .figures div{display:flex;flex-direction:column-reverse}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(172px,100%),1fr));gap:12px}
        .tile{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--early);border-radius:6px;
        padding:10px 14px;min-width:0}.tile h2{margin:0;font-size:13px;font-weight:400;color:var(--soft)}
        .tile p{margin:2px 0;font-size:13px;color:var(--soft);overflow-wrap:anywhere}.tile p.big{font-size:19px}
        .tile.good{border-left-color:var(--good)}.tile.warn{border-left-color:var(--warn)}
        .tile.bad{border-left-color:var(--bad)}.tile.good .big a{color:var(--good)}.tile.warn .big a{color:var(--warn)}
        .tile.bad .big a{color:var(--bad)}.tile .big{color:var(--ink)}
        .state{white-space:nowrap;font-weight:600;margin-right:4px}.state.good,td b.good{color:var(--good)}
        .state.warn,td b.warn{color:var(--warn)}.state.bad,td b.bad{color:var(--bad)}
        .state.early,td b.early{color:var(--early)}
        /* The heading above says it to who sees it. */
        .scroll{position:relative}caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
        white-space:nowrap}
        tbody th{color:var(--ink);white-space:nowrap;vertical-align:middle}.long{min-width:16em;overflow-wrap:anywhere}
        td[data-v]{white-space:nowrap}td.long,th.long{white-space:normal}td:not(.long) a{white-space:nowrap}
        /* A sentence as wide as a phone is read in place, in a row that is not taller than the phone. */
        @media(max-width:640px){td.long{min-width:84vw;font-size:13px}}
        .picture+.scroll{margin-top:14px}
        thead button{all:unset;cursor:pointer;white-space:nowrap;font-size:13px;color:var(--soft);padding:2px 0}
        thead button:focus-visible{outline:3px solid var(--now);outline-offset:2px}
        thead button::after{content:" ↕";opacity:.55}th[aria-sort=ascending] button::after{content:" ↑";opacity:1}
        th[aria-sort=descending] button::after{content:" ↓";opacity:1}
        .picture{padding:10px;max-height:560px;overflow:auto}
        .picture svg{margin:0 auto}.picture img{display:block;max-width:none}
        .graph .edge{fill:none;stroke:var(--soft);stroke-opacity:.75;stroke-width:1.3}
        .box rect{fill:var(--paper);stroke:var(--line);stroke-width:1.2}.box path{stroke:var(--early);stroke-width:4}
        .box text{fill:var(--soft);font-size:11px}.box .name{fill:var(--ink);font-size:13px;font-weight:600}
        .box .word{font-weight:600}.box.good path{stroke:var(--good)}.box.good .word{fill:var(--good)}
        .box.warn path{stroke:var(--warn)}.box.warn .word{fill:var(--warn)}.box.bad path{stroke:var(--bad)}
        .box.bad .word{fill:var(--bad)}.graph a:hover rect{stroke:var(--now)}
        .graph a:focus-visible{outline:none}.graph a:focus-visible rect{stroke:var(--now);stroke-width:4}
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(380px,100%),1fr));gap:14px}
        .one-plot{max-width:640px;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px}
        .plot{width:100%;height:auto}.plot text{fill:var(--soft);font-size:11px}.plot .m{text-anchor:middle}
        .plot .e{text-anchor:end}.plot .name{fill:var(--ink);font-size:12px}
        .grid{stroke:var(--line);fill:none}.rule{stroke:var(--mark);stroke-dasharray:4 3;fill:none}
        .whisker{stroke:var(--now);stroke-width:1.5;fill:none}.point{fill:var(--now)}
        .course-line{stroke:var(--now);stroke-width:1.2;fill:none}
        .champion{fill:var(--card);stroke:var(--champion);stroke-width:2}
        .curve{stroke:var(--now);stroke-width:2;fill:none}.champion-curve{stroke:var(--champion);stroke-dasharray:7 4}
        td.why,td.rule-text{white-space:normal;min-width:16em;font-size:13px}
        .key svg{display:inline-block;vertical-align:-3px;width:26px;height:16px;margin:0 4px 0 12px}
        .key svg:first-child{margin-left:0}.links{margin:0;padding-left:18px}
        .card h4{margin:16px 0 4px;font-size:14px}.card table{font-size:13px}.card .scroll{margin:6px 0 10px}
        .card ul{margin:4px 0;padding-left:18px;font-size:13px}.card li,.card p{overflow-wrap:anywhere}
        kbd{font:12px/1.4 ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
        pre{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px;
        font:12px/1.45 ui-monospace,Consolas,monospace}tr[hidden]{display:none}
        details>.scroll{margin-bottom:10px}
        @media print{nav,.skip{display:none}}
        @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}

        """;
}
