using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Nuke;

/// <summary>Writes what <see cref="IInspectArtifacts"/> shows.</summary>
internal static class Inspection
{
    public static void List(PipelineSession session, string? stageName, TextWriter to)
    {
        var stage = stageName is null ? null : session.Pipeline.Find(stageName);
        var items = new ArtifactInventory(session.Workspace).All()
            .Where(item => stage is null ? item.IsCurrent : item.Unit.Split('/')[0] == stage.Name.ToString())
            .ToArray();
        if (items.Length == 0)
        {
            to.WriteLine((stage, session.Usual) switch
            {
                ({ } asked, _) => $"Nothing of {asked.Name} is cached yet.",
                (null, { } usual) => $"Nothing is cached yet. ./build.sh {usual} makes the first artifacts.",
                _ => "Nothing is cached: this build has no stage. A target becomes one with .Stage(…).",
            });
            return;
        }
        var now = session.Workspace.Clock.GetUtcNow();
        var rows = stage is null
            ? items.GroupBy(item => (Stage: item.Unit.Split('/')[0], item.Output))
                .Select(group => Row(group.ToArray(), $"{group.Key.Stage}/{group.Key.Output}", now))
            : items.Select(item => Row([item], item.Name, now));
        WriteTable(to, ["artifact", "size", "age", "hash", ""], rows);
    }

    public static void Show(PipelineSession session, string text, IReadOnlyList<IArtifactView> views, TextWriter to)
    {
        var item = new ArtifactInventory(session.Workspace).Find(text);
        var store = session.Workspace.Artifacts;
        to.WriteLine($"{item.Name}, {Wording.Size(item.Artifact.SizeBytes)}, {item.Artifact.Hash}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"written {item.Record.FinishedAt:yyyy-MM-dd HH:mm} UTC in {Wording.Duration(item.Record.Duration)} by " +
            $"recipe {item.Record.Fingerprint.Short}"));
        to.WriteLine();
        if (item.Artifact.Kind == ArtifactKind.Folder)
            WriteTable(to, ["file", "size", "hash"], store.ReadTree(item.Artifact.Hash).Entries
                .Select(entry => new[] { entry.Path, Wording.Size(entry.SizeBytes), entry.Hash.Short }));
        else if (views.FirstOrDefault(view => view.Shows(item.Output)) is { } view)
            view.Show(store.Verified(item.Artifact.Hash), to);
        else
            to.WriteLine(
                $"Nothing here can show the inside of '{item.Output}'. Its bytes: " +
                $"{store.Verified(item.Artifact.Hash)}");
    }

    public static void Why(PipelineSession session, string stageName, string? against, TextWriter to)
    {
        var stage = session.Pipeline.Find(stageName);
        var forecast = new Forecast(session.Pipeline, session.Workspace, session.Code);
        var now = forecast.Of(stage.Name);
        session.SaveLearned();
        if (against is not null)
        {
            foreach (var line in new RevisionComparison(session.Workspace, session.Git, now).Lines(stage.Name, against))
                to.WriteLine(line);
            return;
        }
        foreach (var line in now
            .Where(line => line.Stage == stage.Name || line.Expectation.IsSureToRun))
            to.WriteLine(line);
        foreach (var past in forecast.History(stage.Name))
        {
            to.WriteLine();
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{past.Last.Stage} was built {past.Last.FinishedAt:yyyy-MM-dd HH:mm} UTC in " +
                $"{Wording.Duration(past.Last.Duration)}, recipe {past.Last.Fingerprint.Short}") +
                (past.Before is null ? ", for the first time." : ". Compared with the build before it:"));
            foreach (var change in past.Changes)
                to.WriteLine($"  {change}");
        }
    }

    private static string[] Row(IReadOnlyList<ArtifactInventory.Item> items, string name, DateTimeOffset now) =>
    [
        name,
        Wording.Size(items.Sum(item => item.Artifact.SizeBytes)),
        Wording.Age(now - items.Max(item => item.Record.FinishedAt)),
        items is [var only] ? only.Artifact.Hash.Short : Wording.Count(items.Count, "partition"),
        items.All(item => item.IsCurrent) ? "" : "older",
    ];

    private static void WriteTable(TextWriter to, string[] header, IEnumerable<string[]> rows)
    {
        string[][] lines = [header, .. rows];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            to.WriteLine(
                string.Join("  ", line.Select((cell, column) =>
                column == 1 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }
}
