using System.IO;
using System.Text.Json;
using MLBuild.Engine.Stages;

namespace Taxi;

/// <summary>A text from metrics, by a resource of this assembly.</summary>
public static class Reporting
{
    public static void Run(StageRun run, string title)
    {
        var summary = JsonSerializer.Deserialize<Summary>(File.ReadAllText(run.Input("metrics.json")))!;
        var facts = new { Title = title, Lines = summary.Rows };
        File.WriteAllText(run.Output("report.txt"), Template() + JsonSerializer.Serialize(facts)
            + ReportLayout.Line(summary.Currency, summary.Error));
    }

    private static string Template()
    {
        using var stream = typeof(Reporting).Assembly.GetManifestResourceStream("Taxi.template.txt")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
