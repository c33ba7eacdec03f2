using System.Globalization;

namespace MLBuild.Store;

/// <summary>What a fingerprint produced: the outputs by name, and the recipe that says why.</summary>
/// <param name="Fingerprint">The SHA-256 of the recipe's text, so also the recipe's name among the artifacts.</param>
/// <param name="Stage">The stage, with <c>/partition</c> behind it if it has one.</param>
/// <param name="Outputs">By name, in the order declared.</param>
/// <param name="FinishedAt">When the work ended. For people; nothing is decided by it.</param>
public sealed record ActionRecord(
    ContentHash Fingerprint,
    string Stage,
    IReadOnlyList<ActionRecord.Output> Outputs,
    DateTimeOffset FinishedAt,
    TimeSpan Duration)
{
    private const string Header = "mlbuild-record 1";

    public sealed record Output(string Name, Artifact Artifact);

    public string ToText() => SealedText.Seal(string.Join('\n',
    [
        Header,
        $"fingerprint {Fingerprint}",
        $"stage {Stage}",
        string.Create(CultureInfo.InvariantCulture,
            $"finished {FinishedAt.ToUniversalTime():yyyy-MM-ddTHH:mm:ss.fffZ}"),
        string.Create(CultureInfo.InvariantCulture, $"duration-ms {(long)Duration.TotalMilliseconds}"),
        .. Outputs.Select(output => string.Create(CultureInfo.InvariantCulture,
            $"output {output.Artifact.Hash} {output.Artifact.Kind} {output.Artifact.SizeBytes} {output.Name}")),
        "",
    ]));

    /// <summary>Reads a record, or null if the text is not a whole one: a damaged record is a miss, not an
    /// error.</summary>
    public static ActionRecord? Parse(string text)
    {
        if (SealedText.Open(text)?.Split('\n') is not [Header, .. var fields, ""])
            return null;
        ContentHash? fingerprint = null;
        string? stage = null;
        DateTimeOffset finished = default;
        TimeSpan duration = default;
        var outputs = new List<Output>();
        foreach (var line in fields)
        {
            switch (line.Split(' ', 2))
            {
                case ["fingerprint", var hex] when ContentHash.TryParse(hex, out var hash):
                    fingerprint = hash;
                    break;
                case ["stage", var name]:
                    stage = name;
                    break;
                case ["finished", var at] when DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out var time):
                    finished = time;
                    break;
                case ["duration-ms", var ms] when long.TryParse(ms, CultureInfo.InvariantCulture, out var milliseconds):
                    duration = TimeSpan.FromMilliseconds(milliseconds);
                    break;
                case ["output", var rest] when ParseOutput(rest) is { } output:
                    outputs.Add(output);
                    break;
                default:
                    return null;
            }
        }
        return fingerprint is { } print && stage is not null ? new(print, stage, outputs, finished, duration) : null;
    }

    // Not Enum.Parse, which would have to be compiled at each start.
    private static ArtifactKind? KindOf(string text) => text switch
    {
        nameof(ArtifactKind.File) => ArtifactKind.File,
        nameof(ArtifactKind.Folder) => ArtifactKind.Folder,
        _ => null,
    };

    private static Output? ParseOutput(string text) =>
        text.Split(' ', 4) is [var hex, var kindText, var size, var name]
        && ContentHash.TryParse(hex, out var hash)
        && KindOf(kindText) is { } kind
        && long.TryParse(size, CultureInfo.InvariantCulture, out var sizeBytes)
            ? new(name, new(hash, kind, sizeBytes))
            : null;
}
