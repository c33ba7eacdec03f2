using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MLBuild.Engine.Inspection;

namespace MLBuild.Sources.Http;

/// <summary>Tries again what failed in a way that may pass, after a wait that doubles or that the server asked
/// for.</summary>
internal sealed class HttpRetries(
    HttpOptions options, HttpCredentials credentials, HttpTally tally, TimeProvider clock, Action<string> log)
{
    /// <exception cref="UnreachableSourceException">The last attempt failed too, or the server asks to wait too
    /// long.</exception>
    public async Task<T> Run<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (PassingFault fault)
            {
                var problem = credentials.Masked(fault.Message);
                if (fault.HasAdvanced)
                    attempt = 0;
                if (attempt >= options.MaxAttempts)
                    throw new UnreachableSourceException(
                        $"{problem} It was tried {Times(attempt)}. {fault.Advice}", fault.InnerException);
                var delay = fault.AskedWait ?? Delay(Math.Max(attempt, 1));
                if (delay > options.MaxDelay)
                    throw TooLong($"{problem} It asks to wait {Wording.Duration(delay)}", options.MaxDelay);
                tally.Retries++;
                if (fault.AskedWait is not null)
                    tally.Waits++;
                var failed = attempt == 0
                    ? "it brought much, so it does not count, and"
                    : $"attempt {attempt} of {options.MaxAttempts} failed,";
                log($"{failed} the next begins in {Wording.Duration(delay)}: {problem}");
                await Task.Delay(delay, clock, cancel);
            }
        }
    }

    public static UnreachableSourceException TooLong(string problem, TimeSpan maxDelay) => new(
        $"{problem}, longer than MaxDelay, {Wording.Duration(maxDelay)}. Run the same command after that, or raise " +
        "MaxDelay.");

    // Spread by what is fetched, not by chance: equal fetches wait equally, and partitions do not.
    private TimeSpan Delay(int attempt)
    {
        var doubled = options.FirstDelay * Math.Pow(2, attempt - 1);
        if (doubled > options.MaxDelay)
            doubled = options.MaxDelay;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt} {options.Url}"));
        return doubled * (1 - (0.5 * BinaryPrimitives.ReadUInt16BigEndian(hash) / ushort.MaxValue));
    }

    private static string Times(int attempts) => attempts == 1 ? "once" : $"{attempts} times";
}
