namespace MLBuild.NukeCompat;

/// <summary>The build cannot start: everything that is wrong with its definition or with what was typed, together.</summary>
internal sealed class BuildRefused(IEnumerable<string> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public BuildRefused(string fault)
        : this([fault])
    {
    }
}
