namespace MLBuild.Stages.Tests.Tables;

/// <summary>Whatever a file is, it is refused with a clear error, or its bad lines are counted: never a crash, and
/// never a value that is not there.</summary>
public sealed class ReadingMalformedFiles : IDisposable
{
    private static readonly IReadOnlyDictionary<string, MalformedInput> Inputs =
        new[] { MalformedCsv.All, MalformedTsvAndJson.All, MalformedPackings.All }.SelectMany(all => all)
            .ToDictionary(input => input.Name);

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. Inputs.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void IsAClearErrorOrACountedQuarantine(string name)
    {
        var input = Inputs[name];
        Assert.Equal(input.Outcome, MalformedInput.OutcomeOf(_folder.Write(input.File, input.Bytes())));
    }
}
