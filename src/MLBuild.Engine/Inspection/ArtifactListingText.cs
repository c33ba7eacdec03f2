using System.Globalization;

namespace MLBuild.Engine.Inspection;

/// <summary>What is cached, for a person.</summary>
public static class ArtifactListingText
{
    private const int ShortHash = 8;

    /// <summary>A line for each stage, and below them a line for each of their outputs.</summary>
    public static IEnumerable<string> Lines(ArtifactListing listing, Page page, DateTimeOffset now) =>
    [
        .. PageTable.Lines(page,
            [
                new("stage"), new("state"), new("built"), new("size", IsNumber: true), new("older"),
                new("read by", IsCut: true), new("kept by", IsCut: true),
            ],
            listing.Stages.Select(stage => Row(stage, now))),
        "",
        .. PageTable.Lines(page, Columns,
            listing.Stages.SelectMany(stage => stage.Artifacts.GroupBy(artifact => artifact.Output)
                .Select(same => Row([.. same], $"{stage.Stage}/{same.Key}", now)))),
        .. Notes(listing, page),
    ];

    /// <summary>All that is stored of one stage, older results too.</summary>
    public static IEnumerable<string> InFull(ArtifactListing listing, Page page, DateTimeOffset now)
    {
        foreach (var stage in listing.Stages)
        {
            yield return $"{stage.Stage}: {Built(stage, now)}";
            foreach (var line in page.Wrap(stage.ReadBy.Count == 0
                ? "  read by no stage" : $"  read by {string.Join(", ", stage.ReadBy)}"))
                yield return line;
            foreach (var kept in Kept(stage.Artifacts))
            {
                foreach (var line in page.Wrap($"  kept by {kept}"))
                    yield return line;
            }
            yield return "";
            foreach (var line in PageTable.Lines(page, Columns,
                stage.Artifacts.Select(artifact => Row([artifact], artifact.Name, now))))
                yield return line;
        }
        foreach (var line in Notes(listing, page))
            yield return line;
    }

    private static IReadOnlyList<PageColumn> Columns =>
        [new("artifact"), new("size", IsNumber: true), new("age"), new("hash"), new("state")];

    private static PageCell[] Row(StageListing stage, DateTimeOffset now) =>
    [
        stage.Stage,
        StateOf(stage.Artifacts),
        Wording.Age(now - stage.Artifacts.Max(artifact => artifact.FinishedUtc)),
        Wording.Size(stage.Artifacts.Sum(artifact => artifact.SizeBytes)),
        stage.OlderResults == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{stage.OlderResults:N0}, {Wording.Size(stage.OlderBytes)}"),
        string.Join(", ", stage.ReadBy),
        string.Join(", ", Kept(stage.Artifacts)),
    ];

    private static PageCell[] Row(IReadOnlyList<ListedArtifact> same, string name, DateTimeOffset now) =>
    [
        name,
        Wording.Size(same.Sum(artifact => artifact.SizeBytes)),
        Wording.Age(now - same.Max(artifact => artifact.FinishedUtc)),
        same is [var only] ? only.Hash[..ShortHash] : Wording.Count(same.Count, "partition"),
        StateOf(same),
    ];

    // fresh, or what most needs to be known: 1 of 3 stale.
    private static PageCell StateOf(IReadOnlyList<ListedArtifact> artifacts)
    {
        var units = artifacts.GroupBy(artifact => artifact.Unit).Select(unit => unit.First().State).ToArray();
        foreach (var state in (ArtifactState[])[ArtifactState.Stale, ArtifactState.Undecided, ArtifactState.Old])
        {
            if (units.Count(other => other == state) is var some && some > 0 && some < units.Length)
                return ArtifactStates.Cell(state) with { Text = $"{some} of {units.Length} {Word(state)}" };
        }
        return ArtifactStates.Cell(units[0]);
    }

    private static string Word(ArtifactState state) => ArtifactStates.Cell(state).Text;

    private static string Built(StageListing stage, DateTimeOffset now)
    {
        var last = stage.Artifacts.MaxBy(artifact => artifact.FinishedUtc)!;
        return $"built {Wording.Age(now - last.FinishedUtc)} in " +
            Wording.Duration(TimeSpan.FromSeconds(last.Seconds)) + (stage.OlderResults == 0 ? ""
                : $"; {Wording.Count(stage.OlderResults, "older result")}, {Wording.Size(stage.OlderBytes)}");
    }

    private static IEnumerable<string> Kept(IEnumerable<ListedArtifact> artifacts) =>
        artifacts.SelectMany(artifact => artifact.KeptBy).Distinct();

    private static IEnumerable<string> Notes(ArtifactListing listing, Page page)
    {
        List<string> notes =
        [
            .. listing.Stages.Where(stage => stage.Fault is not null)
                .Select(stage => $"{stage.Stage} cannot be foreseen: {stage.Fault}"),
        ];
        if (listing.KeptFault is { } fault)
            notes.Add($"What keeps results beside pins is not known: {fault}");
        if (listing.Stages.FirstOrDefault(stage =>
            stage.Artifacts.Any(artifact => artifact.State == ArtifactState.Stale)) is { } stale)
            notes.Add($"./build.sh Why --of-stage {stale.Stage} says why it is stale.");
        if (notes.Count > 0)
            yield return "";
        foreach (var line in notes.SelectMany(note => page.Wrap(note)))
            yield return line;
    }
}
