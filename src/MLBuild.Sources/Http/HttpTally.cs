namespace MLBuild.Sources.Http;

/// <summary>What a fetch has done so far.</summary>
internal sealed class HttpTally
{
    /// <summary>Sent, redirections and retries included.</summary>
    public long Requests { get; set; }

    public long Retries { get; set; }

    /// <summary>How often the server asked to wait.</summary>
    public long Waits { get; set; }

    /// <summary>Of what was taken; not of answers that broke off and were asked for again.</summary>
    public long Bytes { get; set; }
}
