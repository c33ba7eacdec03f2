using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Validate;

namespace MLBuild.Stages.Split;

/// <summary>Divides validated rows into training and hold-out by the hash of their key.</summary>
public static class SplitStage
{
    public const string Train = "train.parquet";
    public const string HoldOut = "holdout.parquet";
    public const string Report = "split.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Train, HoldOut, Report];

    /// <exception cref="LeakageException">A key is on both sides, or a side is empty.</exception>
    public static void Run<TRow>(StageRun run, Func<TRow, RowKey> key, KeySplit split)
        where TRow : class, new()
    {
        split.Validate();
        var (trainRows, holdOutRows) = (0L, 0L);
        using (var train = new RowTableWriter<TRow>(run.Output(Train)))
        using (var holdOut = new RowTableWriter<TRow>(run.Output(HoldOut)))
        {
            foreach (var row in Rows(run.Input(ValidateStage.Rows)))
                (split.IsHeldOut(key(row.Row)) ? holdOut : train).Add(row);
            (trainRows, holdOutRows) = (train.Complete(), holdOut.Complete());
        }
        // Both are read back from what was written: the proof is about the files, not about the loop above.
        var heldOut = Rows(run.Output(HoldOut)).Select(row => key(row.Row)).ToHashSet();
        var both = Rows(run.Output(Train)).LongCount(row => heldOut.Contains(key(row.Row)));
        var report = new SplitReport(split, trainRows, holdOutRows, both);
        ReportFile.Write(run.Output(Report), report);
        if (both > 0)
            throw new LeakageException(
                $"{both} training rows have a key that is also held out. The key function must give one row one key, " +
                "always.");
        if (trainRows == 0 || holdOutRows == 0)
            throw new LeakageException(string.Create(CultureInfo.InvariantCulture,
                $"The split leaves {trainRows:N0} rows to train on and {holdOutRows:N0} held out; both need some. " +
                $"Give it more data, or another share than {split.HoldOutShare}."));
        run.Log(FormattableString.Invariant($"{trainRows:N0} rows to train on, {holdOutRows:N0} held out"));

        IEnumerable<SourceRow<TRow>> Rows(string path)
        {
            foreach (var row in RowTable.Read<TRow>(path))
            {
                run.Cancel.ThrowIfCancellationRequested();
                yield return row;
            }
        }
    }
}

/// <summary>The sets to train on and to judge by are not what they must be.</summary>
public sealed class LeakageException(string message) : Exception(message);
