namespace MLBuild.Learning.Contracts;

/// <summary>How pages look: by day and by night, on paper and on a telephone.</summary>
public static class PageStyle
{
    /// <summary>CSS rules, for a <c>style</c> element.</summary>
    public const string Text =
        """

        :root{color-scheme:light dark;--paper:#fafaf8;--card:#fff;--ink:#1d2329;--soft:#5d6872;--line:#e2e4e3;
        --now:#2f6fb2;--past:#c9d2da;--mark:#1d2329;--good:#2c7a4b;--bad:#b3261e;--warn:#96610a;--early:#5d6872;
        --badwash:#fbeceb;--warnwash:#fbf3e2;--goodwash:#e9f4ed}
        @media(prefers-color-scheme:dark){:root{--paper:#14181c;--card:#1c2126;--ink:#e4e7ea;--soft:#98a3ad;
        --line:#2e353c;--now:#6aa7e8;--past:#414c56;--mark:#e4e7ea;--good:#6cc28c;--bad:#f28b82;--warn:#e2b05a;
        --early:#98a3ad;--badwash:#372120;--warnwash:#332a18;--goodwash:#1b2d22}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,"Segoe UI",Roboto,sans-serif}
        main{max-width:1180px;margin:0 auto;padding:24px 20px 64px}
        header{border-left:6px solid var(--good);background:var(--goodwash);padding:16px 20px;border-radius:6px}
        header.bad{border-color:var(--bad);background:var(--badwash)}
        h1{margin:0;font-size:26px}header p{margin:4px 0 12px;color:var(--soft)}
        h2{margin:36px 0 10px;font-size:19px}h3{margin:0 0 8px;font-size:15px}
        h3 small{color:var(--soft);font-weight:400}
        .figures{display:flex;flex-wrap:wrap;gap:8px 28px;margin:0}.figures dd{margin:0;font-size:20px;font-weight:600;
        font-variant-numeric:tabular-nums}.figures dt{color:var(--soft);font-size:13px}
        .checks{list-style:none;margin:0;padding:0}.checks li{border-left:4px solid var(--bad);background:var(--card);
        margin:0 0 6px;padding:8px 12px;border-radius:4px}.checks li.warn{border-color:var(--warn)}
        .checks span{color:var(--soft)}
        code{display:block;font:13px/1.5 ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
        aside{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px 16px;margin:14px 0}
        aside ul{margin:0;padding-left:18px}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:6px}
        table{border-collapse:collapse;width:100%}th,td{padding:5px 10px;text-align:left;vertical-align:top;
        font-weight:400}thead th{color:var(--soft);font-size:13px}.scroll tr+tr>*,.scroll tbody tr>*{border-top:1px solid
        var(--line)}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        td{vertical-align:middle}td:first-child{min-width:8em}td .bar{width:120px}.categories .bar{width:100%}tr.focus td{background:var(--badwash)}
        header.good~section tr.focus td{background:none;font-weight:600}
        .chip{display:inline-block;border:1px solid currentColor;border-radius:9px;padding:0 7px;font-size:12px;
        max-width:100%;overflow-wrap:anywhere}
        .chip.bad{color:var(--bad)}.chip.warn{color:var(--warn)}.chip.early{color:var(--early)}
        .dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:7px;background:var(--good)}
        .dot.bad{background:var(--bad)}.dot.warn{background:var(--warn)}.dot.early{background:var(--past)}
        .key i{display:inline-block;width:14px;height:10px;margin:0 6px 0 0;background:var(--now)}
        .key i.past{background:var(--past);margin-left:16px}.key,.note{color:var(--soft);font-size:13px}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(340px,100%),1fr));gap:14px}
        article{background:var(--card);border:1px solid var(--line);border-top:3px solid var(--line);border-radius:6px;
        padding:12px 14px;min-width:0}
        article.bad{border-top-color:var(--bad)}article.warn{border-top-color:var(--warn)}
        article p{margin:0 0 8px;font-size:13px}p.bad{background:var(--badwash);padding:5px 8px;border-radius:4px}
        p.warn{background:var(--warnwash);padding:5px 8px;border-radius:4px}
        svg{display:block}.histogram{width:100%;height:auto}.past{fill:var(--past)}.now{fill:var(--now)}
        .histogram .now{fill-opacity:.78}.axis{stroke:var(--soft)}
        .ends{display:flex;justify-content:space-between;color:var(--soft);font-size:12px}
        .bar{width:100%;height:8px}.track{fill:var(--line)}.mark{fill:var(--mark)}
        .quantiles{margin:6px 0;display:block;overflow-x:auto}.quantiles th,.quantiles td{padding:1px 3px;font-size:11.5px}
        .quantiles tbody th{color:var(--soft)}
        .categories th,.categories td{padding:2px 4px;font-size:13px;vertical-align:middle}
        .categories th{max-width:110px;overflow-wrap:anywhere}.categories td:nth-child(2){width:60%}
        .nulls,.course{display:grid;grid-template-columns:30px 1fr auto;gap:8px;align-items:center;font-size:13px;
        color:var(--soft);margin-top:6px}.course{grid-template-columns:84px 1fr}
        .line{width:100%;height:28px}.line polyline{fill:none;stroke:var(--soft);stroke-width:1.2}
        .line circle{fill:var(--now)}
        summary{cursor:pointer;padding:8px 0}summary b{margin-right:8px}.checks{margin-bottom:8px}details .note{margin:0 0 8px}
        @media print{main{max-width:none;padding:0}article,li,tr{break-inside:avoid}}

        """;
}
