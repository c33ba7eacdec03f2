namespace MLBuild.NukeCompat;

/// <summary>The build cannot start: all that is wrong with its definition or with what was typed.</summary>
internal sealed class BuildRefused(IEnumerable<string> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public BuildRefused(string fault)
        : this([fault])
    {
    }
}
