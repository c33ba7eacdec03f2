namespace MLBuild.Sources.Http;

/// <summary>A fault that may have passed by the next attempt.</summary>
/// <param name="problem">A sentence with its full stop.</param>
/// <param name="advice">What to do when no attempt helped; a sentence.</param>
internal sealed class PassingFault(string problem, string advice, Exception? inner = null) : Exception(problem, inner)
{
    public const string Later = "Run the same command later.";

    public string Advice => advice;

    /// <summary>How long the server asks to wait; null if it does not say.</summary>
    public TimeSpan? AskedWait { get; init; }

    /// <summary>True if so much came that the attempt does not count.</summary>
    public bool HasAdvanced { get; init; }
}
