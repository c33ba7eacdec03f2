using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Skew;

/// <summary>Compares the features that a server computed with those of training, for the rows that both have: one log
/// of served features is one partition.</summary>
public static class SkewStage
{
    public const string Report = "skew.json";
    public const string Text = "skew.txt";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report, Text];

    /// <exception cref="SkewException">A feature differs, or no row could be compared.</exception>
    /// <exception cref="FormatException">The log is something else, or has other features.</exception>
    public static void Run<TRow>(StageRun run, ModelDefinition<TRow> model)
        where TRow : class, new()
    {
        var schema = FeatureSchema.FromJson(File.ReadAllText(run.Input(FeaturesStage.Schema)));
        schema.Demand(model.Features.Schema);
        var check = new SkewCheck(schema, model.Features.OutOfFold);
        foreach (var served in ServedFeatures.Read(run.Source.Path, schema))
            check.AddServed(served.Key, served.Values);
        AddTraining(run, model, check, SplitStage.Train, FeaturesStage.Train, wasFittedOn: true);
        AddTraining(run, model, check, SplitStage.HoldOut, FeaturesStage.HoldOut, wasFittedOn: false);
        var report = check.Complete();
        var text = SkewReportText.Render(report);
        ReportFile.Write(run.Output(Report), report);
        File.WriteAllText(run.Output(Text), text);
        if (report.Verdict != SkewVerdict.Same)
            throw new SkewException(text.TrimEnd());
        foreach (var line in text.TrimEnd().Split('\n'))
            run.Log(line.Trim());
    }

    // The two tables have the same rows in the same order; the raw ones have what a served key is made of.
    private static void AddTraining<TRow>(
        StageRun run, ModelDefinition<TRow> model, SkewCheck check, string rows, string features, bool wasFittedOn)
        where TRow : class, new()
    {
        var key = model.ServedKey ?? model.Key;
        using var raw = RowTable.Read<TRow>(run.Input(rows)).GetEnumerator();
        foreach (var batch in FeatureTableReader.Open(run.Input(features)).Read())
        {
            run.Cancel.ThrowIfCancellationRequested();
            var width = model.Features.Width;
            for (var i = 0; i < batch.Count; i++)
            {
                if (!raw.MoveNext() || model.Key(raw.Current.Row).ToString() != batch.Keys[i])
                    throw new TableException(
                        $"'{features}' has other rows than '{rows}': row {batch.Keys[i]} stands where another is "
                        + "expected. Read both from stages of one pipeline.");
                check.AddTraining(
                    key(raw.Current.Row).ToString(), batch.Values.AsSpan(i * width, width), wasFittedOn);
            }
        }
        if (raw.MoveNext())
            throw new TableException(
                $"'{features}' ends before '{rows}': row {model.Key(raw.Current.Row)} is in the latter only. "
                + "Read both from stages of one pipeline.");
    }
}

/// <summary>What is served is not what was learned from, or nobody can tell.</summary>
public sealed class SkewException(string message) : Exception(message);
