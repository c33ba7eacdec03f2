using System.Security.Cryptography;
using System.Text;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Monitor;

namespace MLBuild.Stages.Notices;

/// <summary>What somebody is told of a window, once for its version and verdict.</summary>
/// <param name="Key">The same for the same window, version and verdict of a model in an environment: who is told twice
/// can tell by it.</param>
/// <param name="Rows">Of the window.</param>
/// <param name="Raised">All that was found, of which the verdict is the one to act on.</param>
/// <param name="Findings">Why, in words.</param>
public sealed record Notice(
    string Key, string Model, string Environment, int Version, Window Window, WindowVerdict Verdict,
    IReadOnlyList<WindowVerdict> Raised, long Rows, IReadOnlyList<string> Findings)
{
    /// <summary>What is to be told of the windows judged now.</summary>
    /// <param name="on">The verdicts that are told of.</param>
    public static IReadOnlyList<Notice> Of(
        MonitorReport report, string model, string environment, IReadOnlyList<WindowVerdict> on) =>
    [
        .. report.Windows.Where(window => on.Contains(window.Verdict)).Select(window => new Notice(
            KeyOf(model, environment, window), model, environment, window.Version, window.Window, window.Verdict,
            window.Raised, window.Rows, window.Findings)),
    ];

    private static string KeyOf(string model, string environment, WindowReport window)
    {
        string[] parts =
        [
            model, environment, $"v{window.Version}", window.Window.Name, $"{window.Window.From:O}",
            $"{window.Window.To:O}", $"{window.Verdict}",
        ];
        return Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 16));
    }

    /// <summary>For messages.</summary>
    public override string ToString() => $"{MonitorText.Word(Verdict)} in {Window.Name}, version {Version}";
}
