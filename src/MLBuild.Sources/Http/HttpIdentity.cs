namespace MLBuild.Sources.Http;

/// <summary>What tells whether a source has changed, without reading it.</summary>
public abstract record HttpIdentity
{
    private HttpIdentity()
    {
    }

    /// <summary>What the server says of the fetched URL: its ETag, else when it was changed last, with its
    /// length.</summary>
    public sealed record Validators : HttpIdentity;

    /// <summary>Nothing: it is fetched once, and again where the options change or the stage runs by AlwaysRuns. Also
    /// for partitions that never change, because a stage observes one source only.</summary>
    public sealed record Unknown : HttpIdentity;

    /// <summary>The text of a small answer elsewhere, which changes with the data: a count, a version, the time of the
    /// last change.</summary>
    /// <param name="Url">Absolute. It gets the same authentication if it is on the same server.</param>
    /// <param name="At">The part that counts: a JSON pointer (RFC 6901). Default "": the whole answer.</param>
    public sealed record Body(string Url, string At = "") : HttpIdentity;
}
