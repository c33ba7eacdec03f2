namespace MLBuild.Stages.Site;

/// <summary>One file of the report.</summary>
/// <param name="Path">Within the report's folder: <c>stages/Train.html</c>.</param>
/// <param name="Bytes">Made when somebody wants them; the same for the same state.</param>
public sealed record SitePage(string Path, Func<byte[]> Bytes)
{
    /// <summary>What a server says that it is.</summary>
    public string ContentType => System.IO.Path.GetExtension(Path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"BUG: the report has no files that end with '{other}'."),
    };
}
