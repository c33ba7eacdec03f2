using System.Globalization;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A file with something wrong, and what becomes of it: the start of the error that refuses it, or how many
/// rows are read, what their fares come to, how many lines are quarantined and why the first is.</summary>
public sealed record MalformedInput(string Name, string File, Func<byte[]> Bytes, string Outcome)
{
    private const int MostCompared = 300;

    public MalformedInput(string name, string file, Func<string> text, string outcome)
        : this(name, file, () => Packed.Bytes(text()), outcome)
    {
    }

    /// <summary>What becomes of a file of rides.</summary>
    public static string OutcomeOf(string path)
    {
        var (rows, fares, faults, first) = (0, 0.0, 0, "");
        try
        {
            using var pass = RowFiles.Open<Ride>(path).Begin(new()
            {
                Fault = fault => first = faults++ == 0 ? $": {fault}" : first,
            });
            while (pass.Next())
            {
                rows += pass.Batch.Count;
                fares += Enumerable.Range(0, pass.Batch.Count).Sum(i => pass.Batch.Row(i).Fare);
            }
        }
        catch (TableException fault)
        {
            return Cut($"error: {fault.Message}");
        }
        return Cut(string.Create(CultureInfo.InvariantCulture, $"{rows} rows for {fares}, {faults} faults{first}"));
    }

    private static string Cut(string text) => text[..Math.Min(text.Length, MostCompared)];
}
