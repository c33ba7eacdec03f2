using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Monitor;

/// <summary>What was said of windows, kept in a folder: <c>v3/month 2020-04.json</c>. Saying it again replaces it, so a
/// rerun adds nothing; another version's windows are beside it.</summary>
internal sealed class MonitorHistory(string folder)
{
    /// <summary>Keeps what is said of a window.</summary>
    public void Put(WindowRule rule, WindowReport report)
    {
        var path = Path.Combine(folder, $"v{report.Version}", $"{Kind(rule)} {report.Window.Name}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteText(path, ReportFile.Text(report));
    }

    /// <summary>The kinds of windows of which something was said, by name.</summary>
    public IReadOnlyList<WindowRule> Rules() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "* *.json", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path).Split(' ')[0]).Distinct().Order(StringComparer.Ordinal)
            .Select(RuleOf).OfType<WindowRule>(),
    ];

    /// <summary>All that was said of windows of the kind, in their order; of one window the earlier version
    /// first.</summary>
    /// <param name="unreadable">Is told of files that are no such reports.</param>
    public IReadOnlyList<WindowReport> Read(WindowRule rule, Action<string> unreadable)
    {
        var reports = new List<WindowReport>();
        if (!Directory.Exists(folder))
            return [];
        foreach (var path in Directory.EnumerateFiles(folder, $"{Kind(rule)} *.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            try
            {
                reports.Add(ReportFile.Read<WindowReport>(path));
            }
            catch (FormatException e)
            {
                unreadable($"{e.Message} It is left out; remove it, or judge its window again.");
            }
        }
        return [.. reports.OrderBy(report => report.Window).ThenBy(report => report.Version)];
    }

    // Of a file that Put did not write: none.
    private static WindowRule? RuleOf(string kind)
    {
        try
        {
            return WindowRule.Parse(kind.StartsWith("rows-", StringComparison.Ordinal) ? kind[5..] : kind);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Parts of another size are other windows.
    private static string Kind(WindowRule rule) => rule.Kind == WindowKind.Rows ? $"rows-{rule}" : $"{rule}";
}
