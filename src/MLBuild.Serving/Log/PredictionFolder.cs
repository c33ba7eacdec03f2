using System.Globalization;

namespace MLBuild.Serving.Log;

/// <summary>The folder of a prediction log. A file in it whose name ends in <c>.parquet</c> is complete, also after a
/// crash, and never changes.</summary>
internal sealed class PredictionFolder
{
    private const string BeingWritten = ".writing";

    // A server writes a file in moments: what is older was left by one that was killed.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    private readonly string _path;

    /// <exception cref="ServingException">It cannot be written to.</exception>
    public PredictionFolder(string path, TimeProvider clock)
    {
        _path = path;
        try
        {
            Directory.CreateDirectory(path);
            foreach (var file in Directory.GetFiles(path, "*" + BeingWritten))
            {
                if (clock.GetUtcNow() - File.GetLastWriteTimeUtc(file) > LongestWrite)
                    File.Delete(file);
            }
            // Whether a file can be written is known when one was.
            var probe = NewFile();
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServingException(
                $"The server cannot start: --prediction-log is '{path}', which is no folder to write to: {e.Message} "
                + "Name another folder.", e);
        }
    }

    /// <summary>Writes a batch to a file of its own.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It cannot be written; nothing was added.</exception>
    public async Task<string> AddAsync(PredictionBatch batch)
    {
        var writing = NewFile();
        try
        {
            await using (var file = new FileStream(writing, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                // In memory first: Parquet.Net writes many small pieces.
                using var bytes = new MemoryStream();
                await batch.WriteAsync(bytes);
                bytes.WriteTo(file);
                // Once a minute: nothing waits for it, and after a power cut the file is not an empty one.
                file.Flush(flushToDisk: true);
            }
            return Publish(writing, batch.BeginUtc);
        }
        catch
        {
            File.Delete(writing);
            throw;
        }
    }

    // Sorted by name they are in the order of time; what follows the time is no other server's. A move to a name that
    // is looked for first could meet that of another server, and replace its file.
    private string Publish(string writing, DateTime beginUtc)
    {
        var own = Path.GetFileNameWithoutExtension(writing).Replace(".", "", StringComparison.Ordinal);
        var path = Path.Combine(_path, string.Create(
            CultureInfo.InvariantCulture, $"predictions-{beginUtc:yyyyMMdd-HHmmss}-{own}.parquet"));
        File.Move(writing, path, overwrite: false);
        return path;
    }

    private string NewFile() => Path.Combine(_path, Path.GetRandomFileName() + BeingWritten);
}
