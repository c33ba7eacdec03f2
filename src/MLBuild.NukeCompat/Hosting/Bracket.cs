namespace MLBuild.NukeCompat;

/// <summary>Runs an action when it is disposed.</summary>
internal sealed class Bracket(Action close) : IDisposable
{
    public void Dispose() => close();
}
