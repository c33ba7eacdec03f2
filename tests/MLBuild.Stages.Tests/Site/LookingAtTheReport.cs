namespace MLBuild.Stages.Tests.Site;

/// <summary>The report in a real browser, opened from disk.</summary>
public sealed class LookingAtTheReport(SiteSpace space) : IClassFixture<SiteSpace>, IAsyncLifetime
{
    private const string Rows = "[...document.querySelectorAll('#versions tbody tr')]";

    private Chromium? _browser;

    private Chromium Browser => _browser!;

    private string Index => new Uri(Path.Combine(space.Folder, "index.html")).AbsoluteUri;

    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(ChromiumFactAttribute.Variable) is { Length: > 0 })
            _browser = await Chromium.Start();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    [ChromiumFact]
    public async Task NoPageHasFaultsOrIsWiderThanATelephone()
    {
        await Browser.Resize(360);
        foreach (var page in space.Pages)
        {
            await Browser.Open(new Uri(page).AbsoluteUri);
            var name = Path.GetRelativePath(space.Folder, page);
            Assert.True(Browser.Complaints.Count == 0, $"{name}: {string.Join('\n', Browser.Complaints)}");
            var width = await Browser.Value<int>("document.documentElement.scrollWidth");
            Assert.True(width <= 360, $"{name} is {width} wide: " + await Browser.Value<string>(
                "[...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > 360.2 && "
                + "!one.closest('.scroll, pre')).map(one => one.outerHTML.slice(0, 120)).slice(0, 3).join('\\n')"));
        }
    }

    [ChromiumFact]
    public async Task TablesAreSorted()
    {
        await Browser.Open(Index);
        Assert.Equal(["version 2", "version 1"], await Cells(0));

        await Browser.Value<object?>("document.querySelector('#versions thead button').click()");
        Assert.Equal(["version 1", "version 2"], await Cells(0));
        Assert.Equal("ascending", await Browser.Value<string>(
            "document.querySelector('#versions th').getAttribute('aria-sort')"));

        await Browser.Value<object?>("document.querySelector('#versions thead button').click()");
        Assert.Equal(["version 2", "version 1"], await Cells(0));

        // By value and not by digits; a table of numbers, of which some are longer texts.
        await Browser.Open(new Uri(Path.Combine(space.Folder, "stages", "Ingest.html")).AbsoluteUri);
        var sizes = await Browser.Value<double[]>(
            """
            (() => {
              const table = [...document.querySelectorAll('table.sortable')]
                .find(one => [...one.tHead.rows[0].cells].some(cell => cell.textContent === 'size'));
              const at = [...table.tHead.rows[0].cells].findIndex(cell => cell.textContent === 'size');
              table.tHead.rows[0].cells[at].querySelector('button').click();
              return [...table.tBodies[0].rows].map(row => Number(row.cells[at].dataset.v));
            })()
            """);
        Assert.Equal(sizes.Order(), sizes);
        Assert.True(sizes.Length > 1);
    }

    [ChromiumFact]
    public async Task TablesAreSearched()
    {
        await Browser.Open(Index);
        await Search("golden VERSION");
        Assert.Equal("true,false", await Shown());
        // Its line in the table of versions, and that it was tagged.
        Assert.Equal("2 rows", await Browser.Value<string>("document.querySelector('nav output').textContent"));

        await Search("");
        Assert.Equal("true,true", await Shown());
        Assert.Equal("", await Browser.Value<string>("document.querySelector('nav output').textContent"));
    }

    [ChromiumFact]
    public async Task WithoutScriptsEverythingIsThereAndNothingIsDead()
    {
        await Browser.ForbidScripts();
        await Browser.Open(Index);
        Assert.Equal(["version 2", "version 1"], await Cells(0));
        Assert.Equal(0, await Browser.Value<int>("document.querySelectorAll('button, input').length"));
    }

    [ChromiumFact]
    public async Task TheKeyboardReachesEverythingVisibly()
    {
        await Browser.Resize(1280);
        await Browser.Open(Index);
        await Browser.Press("Tab", 9);
        Assert.Equal("Skip to content", await Browser.Value<string>("document.activeElement.textContent"));
        Assert.True(await Browser.Value<double>("document.activeElement.getBoundingClientRect().top") >= 0);
        await Browser.Press("Enter", 13);
        Assert.Equal("content", await Browser.Value<string>("document.activeElement.id"));

        var reached = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            await Browser.Press("Tab", 9);
            reached.Add(await Browser.Value<string>("document.activeElement.tagName.toLowerCase()"));
            Assert.True(await Browser.Value<bool>(
                """
                (() => {
                  const style = getComputedStyle(document.activeElement);
                  const box = document.activeElement.querySelector('rect');
                  return box !== null && document.activeElement.closest('svg') !== null
                    ? getComputedStyle(box).strokeWidth === '4px'
                    : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
                })()
                """), await Browser.Value<string>("document.activeElement.outerHTML"));
        }
        Assert.Superset(new HashSet<string> { "a", "div", "button" }, reached);
    }

    [ChromiumTheory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task TextsStandOutFromTheirGround(string scheme)
    {
        await Browser.Prefer(scheme);
        foreach (var page in space.Pages)
        {
            await Browser.Open(new Uri(page).AbsoluteUri);
            // WCAG 2.2, 1.4.3: 4.5 to 1; what is in pictures is said beside them too.
            Assert.Equal("", await Browser.Value<string>(
                """
                (() => {
                  const parts = text => text.match(/[\d.]+/g).map(Number);
                  const light = color => parts(color).slice(0, 3).map(part => part / 255)
                    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
                  const ground = one => {
                    for (; one; one = one.parentElement) {
                      const color = getComputedStyle(one).backgroundColor;
                      if (/^rgb\(/.test(color)) return color;
                    }
                    return 'rgb(255, 255, 255)';
                  };
                  const faint = [];
                  for (const one of document.body.querySelectorAll(':not(svg, svg *)')) {
                    const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== '');
                    const color = getComputedStyle(one).color;
                    if (!says || !/^rgb\(/.test(color) || one.className === 'skip') continue;
                    const [high, low] = [light(color), light(ground(one))].sort((a, b) => b - a);
                    if ((high + 0.05) / (low + 0.05) < 4.5)
                      faint.push(`${one.outerHTML.slice(0, 100)}: ${color} on ${ground(one)}`);
                  }
                  return [...new Set(faint)].slice(0, 5).join('\n');
                })()
                """));
        }
    }

    [ChromiumFact]
    public async Task WhatPeopleWroteRunsNowhere()
    {
        foreach (var page in space.Pages)
        {
            await Browser.Open(new Uri(page).AbsoluteUri);
            Assert.Equal(0, await Browser.Value<int>(
                "[...document.scripts].filter(one => one.src === '').length + "
                + "document.querySelectorAll('[onerror]').length"));
        }
    }

    private Task<string[]> Cells(int column) =>
        Browser.Value<string[]>($"{Rows}.map(row => row.cells[{column}].textContent)");

    private Task<string> Shown() => Browser.Value<string>($"{Rows}.map(row => !row.hidden).join()");

    private Task<object?> Search(string text) => Browser.Value<object?>(
        $"(input => {{ input.value = '{text}'; input.dispatchEvent(new Event('input')); }})"
        + "(document.querySelector('nav input'))");
}
